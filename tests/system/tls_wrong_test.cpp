#include <doctest/doctest.h>

#include <algorithm>

#include <fmt/format.h>

#include "tests/system/chat.hpp"
#include "tests/system/tls_node.hpp"

namespace parley::tests {

namespace {

using namespace std::chrono_literals;

/// Starts a server that must refuse, and answers the one line that says why.
std::string refusal(const tls_files& files, const std::vector<std::string>& settings = {}) {
  server_process server{{.settings = files.settings(settings)}};
  CHECK(server.run_to_end() == process_end{.code = 1});
  CHECK(server.output().empty());
  const auto log = server.log();
  CHECK(std::count(log.begin(), log.end(), '\n') == 1);
  return log;
}

std::ptrdiff_t open_files(const running_node& node) {
  const std::filesystem::directory_iterator all{fmt::format("/proc/{}/fd", node.process.pid())};
  return std::distance(begin(all), end(all));
}

std::ptrdiff_t log_lines(const running_node& node) {
  const auto log = node.process.log();
  return std::count(log.begin(), log.end(), '\n');
}

/// Whether a connection of TLS comes about now.
bool is_let_in(const tls_node& node) {
  try {
    return node.http().get("/healthz").status == 200;
  } catch (const std::runtime_error&) {
    return false;
  }
}

} // namespace

TEST_CASE("tls start: files that cannot be used are one line that names setting and file") {
  tls_files files;
  const auto cert = files.pair.cert, key = files.pair.key;
  const auto says = [&](std::string_view what) { return refusal(files).find(what) != std::string::npos; };
  testing::put_file(key, files.issuer.issue("other").key);
  CHECK(says(fmt::format("http.tls.key: {} is not the key of http.tls.cert {}", key, cert)));
  testing::put_file(key, "no key\n");
  CHECK(says(fmt::format("http.tls.key: {} holds no private key in PEM", key)));
  testing::put_file(cert, "no certificate\n");
  CHECK(says(fmt::format("http.tls.cert: {} holds no certificate in PEM", cert)));
  std::filesystem::remove(cert);
  CHECK(says(fmt::format("http.tls.cert: {} cannot be read: No such file or directory", cert)));
}

TEST_CASE(
    "tls start: what else is wrong is one line all the same, and a start tells how long the certificate is good") {
  tls_files files;
  const running_node first;
  CHECK(refusal(files, {fmt::format("http.listen={}", authority_of(first.url()))}).find("cannot listen") !=
        std::string::npos);
  const tls_node node;
  CHECK(eventually([&] { return node.process.log().find("cert.pem is valid until 20") != std::string::npos; }));
}

TEST_CASE("tls: who speaks HTTP without it is told") {
  const tls_node node;
  const auto lines = log_lines(node);
  for (const auto* request : {"GET /healthz HTTP/1.1\r\nhost: here\r\n\r\n", "POST /v1/login HTTP/1.1\r\n\r\n{}"}) {
    auto plain = node.raw();
    plain.write(request);
    const auto answer = plain.read_to_end();
    CHECK(answer.starts_with("HTTP/1.1 400 "));
    CHECK(answer.ends_with("\r\n\r\nThis port speaks HTTPS only.\r\n"));
  }
  CHECK(is_let_in(node));
  CHECK(log_lines(node) == lines);
}

TEST_CASE("tls: rubbish, and connections that break off at any time, leave nothing behind") {
  const tls_node node;
  CHECK(is_let_in(node));
  const auto files = open_files(node), lines = log_lines(node);
  for (int i = 0; i < 20; ++i) {
    auto rubbish = node.raw();
    rubbish.write(std::string(20'000, static_cast<char>(0xff - i)));
    (void)rubbish.read_to_end();
    auto half = node.raw();
    half.write(std::string_view{"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11});
    half.reset();
    auto silent = node.raw();
    silent.end_writing();
    (void)silent.read_to_end();
    // Without a word of goodbye, with a request under way.
    auto abrupt = node.stream();
    abrupt.write("GET /healthz HTTP/1.1\r\nhost: here\r\n\r\n");
    abrupt.reset();
    auto cut = node.stream();
    cut.write("GET /healthz HT");
    cut.end_writing();
    (void)cut.read_to_end();
  }
  for (int i = 0; i < 5; ++i) {
    auto ann = node.online("ann", fmt::format("?device=d{}", i));
    ann.send_raw("\xff\xff");
    (void)ann.end();
    (void)node.online("bob");
  }
  CHECK(eventually([&] { return open_files(node) <= files; }));
  CHECK(log_lines(node) == lines);
  CHECK(is_let_in(node));
}

TEST_CASE("tls: what is no record ends an open connection") {
  const tls_node node;
  auto stream = node.stream();
  stream.write("GET /healthz HTTP/1.1\r\nhost: here\r\n\r\n");
  CHECK(stream.read_some().starts_with("HTTP/1.1 200"));
  stream.write_below_tls(std::string(1'000, 'x'));
  CHECK(stream.read_to_end().empty());
  CHECK(is_let_in(node));
}

TEST_CASE("tls: a handshake has a time limit, however slowly it comes") {
  const tls_node node{{"http.handshake_timeout_ms=300"}};
  auto silent = node.raw();
  CHECK(silent.read_to_end().empty());
  auto half = node.raw();
  half.write(std::string_view{"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11});
  CHECK(half.read_to_end().empty());
  auto slow = node.raw();
  slow.write(std::string_view{"\x16\x03\x01\x40\x00\x01\x00\x3f\xfc\x03\x03", 11});
  const deadline until;
  while (slow.write("x") && !until.is_over()) std::this_thread::sleep_for(20ms);
  CHECK(!until.is_over());
  // So has the request that follows it.
  auto mute = node.stream();
  CHECK(mute.read_to_end().empty());
  CHECK(is_let_in(node));
}

TEST_CASE("tls: an HTTP connection without a further request is closed") {
  const tls_node node{{"http.idle_timeout_ms=300"}};
  auto http = node.http();
  CHECK(http.get("/healthz").status == 200);
  CHECK(http.get("/healthz").status == 200);
  CHECK(http.is_ended_by_server());
}

TEST_CASE("tls: handshakes count among the connections of an address") {
  const tls_node node{{"limits.connections_per_address=2"}};
  {
    const auto one = node.raw(), other = node.raw();
    CHECK(eventually([&] { return !is_let_in(node); }));
  }
  CHECK(eventually([&] { return is_let_in(node); }));
}

} // namespace parley::tests

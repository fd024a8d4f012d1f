#include <memory>

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "cluster/link/socket_owner.hpp"
#include "cluster/link/tls_files.hpp"
#include "tests/contract/temporary_directory.hpp"
#include "tests/unit/cluster/link/test_node.hpp"
#include "tools/certificates/authority.hpp"

using namespace parley;
using namespace parley::certificates;
using namespace parley::cluster::link;
using namespace parley::tests;

namespace {

/// An authority in a folder of its own, and certificates of it.
class authority_folder {
public:
  authority_folder() { REQUIRE(create_authority(authority(), "Test authority")); }

  [[nodiscard]] file_pair authority() const { return pair_in(folder_.path().string(), "ca"); }

  [[nodiscard]] tls_files issue(const std::string& node, int days = node_days) const {
    const auto files = pair_in(folder_.path().string(), node);
    REQUIRE(issue_certificate(authority(), {.node = node, .hosts = {"127.0.0.1", "localhost"}, .days = days}, files));
    return {files.certificate, files.key, authority().certificate};
  }

private:
  const temporary_directory folder_;
};

link_options with_tls(const std::string& node, tls_files files) {
  auto options = options_of(node);
  options.tls = std::move(files);
  return options;
}

/// A TLS client without a certificate, or with one. Says whether the server takes what it says after the handshake.
bool is_let_in(std::uint16_t port, const tls_files& files) {
  const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context{SSL_CTX_new(TLS_client_method()), SSL_CTX_free};
  SSL_CTX_set_options(context.get(), SSL_OP_IGNORE_UNEXPECTED_EOF);
  if (!files.certificate.empty()) {
    REQUIRE(SSL_CTX_use_certificate_chain_file(context.get(), files.certificate.c_str()) == 1);
    REQUIRE(SSL_CTX_use_PrivateKey_file(context.get(), files.key.c_str(), SSL_FILETYPE_PEM) == 1);
  }
  const socket_owner socket{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  sockaddr_in where{};
  where.sin_family = AF_INET;
  where.sin_port = htons(port);
  where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  REQUIRE(::connect(socket.get(), reinterpret_cast<const sockaddr*>(&where), sizeof where) == 0);
  const std::unique_ptr<SSL, decltype(&SSL_free)> session{SSL_new(context.get()), SSL_free};
  SSL_set_fd(session.get(), socket.get());
  char answer = 0;
  // With TLS 1.3 the client's handshake ends before the server has seen its certificate: the refusal is read. One that
  // is let in and says nothing is hung up on instead.
  if (SSL_connect(session.get()) != 1) return false;
  const auto count = SSL_read(session.get(), &answer, 1);
  return SSL_get_error(session.get(), count) == SSL_ERROR_ZERO_RETURN;
}

} // namespace

TEST_CASE("links: with certificates of one authority nodes are linked, and a stranger's garbage harms nobody") {
  const authority_folder folder;
  test_node a{with_tls("a", folder.issue("a"))};
  test_node b{with_tls("b", folder.issue("b"))};
  link_up(a, b);
  for (int i = 0; i < 20; ++i) {
    CHECK(!is_let_in(b.links->port(), {}));
    REQUIRE(a.links->send("b", std::string(100'000, 'x')));
    REQUIRE(b.links->send("a", std::string(100'000, 'y')));
  }
  CHECK(a.hears([](const test_node::news& said) { return said.envelopes.size() == 20; }));
  CHECK(b.hears([](const test_node::news& said) { return said.envelopes.size() == 20; }));
  CHECK(a.hears([](const test_node::news& said) { return said.changes.size() == 1; }));
}

TEST_CASE("links: a certificate of another authority is refused, and both say so") {
  const authority_folder ours;
  const authority_folder theirs;
  test_node a{with_tls("a", theirs.issue("a"))};
  test_node b{with_tls("b", ours.issue("b"))};
  b.connect(a);
  a.connect(b);
  CHECK(a.is_told("node b at"));
  CHECK(b.is_told("without a certificate of cluster.authority nobody is let in"));
  CHECK(a.links->send("b", "x").error().code == errc::unavailable);
  CHECK(!is_let_in(b.links->port(), theirs.issue("c")));
  CHECK(is_let_in(b.links->port(), ours.issue("c")));
}

TEST_CASE("links: without a certificate, and without TLS, nobody is let in") {
  const authority_folder folder;
  test_node b{with_tls("b", folder.issue("b"))};
  CHECK(!is_let_in(b.links->port(), {}));
  CHECK(b.is_told("without a certificate of cluster.authority nobody is let in"));
  b.forget_news();
  test_node plain{options_of("a")};
  b.connect(plain);
  plain.connect(b);
  CHECK(plain.is_told("node b at"));
  CHECK(b.is_told("without a certificate of cluster.authority nobody is let in"));
  CHECK(plain.links->send("b", "x").error().code == errc::unavailable);
}

TEST_CASE("links: a node with TLS does not speak to one without") {
  const authority_folder folder;
  test_node a{with_tls("a", folder.issue("a"))};
  test_node plain{options_of("b")};
  plain.connect(a);
  a.connect(plain);
  CHECK(a.is_told("node b at"));
  CHECK(plain.is_told("said what no node says"));
}

TEST_CASE("links: certificates that were renewed are taken by the next connection") {
  const authority_folder folder;
  test_node a{with_tls("a", folder.issue("a"))};
  test_node b{with_tls("b", folder.issue("b"))};
  link_up(a, b);
  (void)folder.issue("a");
  (void)folder.issue("b");
  b.links->forget("a");
  REQUIRE(a.loses("b", down_reason::refused));
  a.forget_news();
  b.connect(a);
  CHECK(a.is_linked_with("b"));
}

TEST_CASE("links: large amounts each way pass TLS in order") {
  const authority_folder folder;
  test_node a{with_tls("a", folder.issue("a"))};
  test_node b{with_tls("b", folder.issue("b"))};
  link_up(a, b);
  constexpr std::size_t count = 3'000;
  const auto send = [](test_node& from, const std::string& to, std::size_t number) {
    // Of all lengths, so that they end within records of TLS as well as at their ends.
    return from.links->send(to, fmt::format("{:08}{}", number, std::string(number * 37 % 20'000, 'x'))).has_value();
  };
  std::size_t from_a = 0;
  std::size_t from_b = 0;
  CHECK(eventually([&] {
    while (from_a < count && send(a, "b", from_a)) ++from_a;
    while (from_b < count && send(b, "a", from_b)) ++from_b;
    return from_a == count && from_b == count;
  }));
  for (auto* const node : {&a, &b}) {
    CHECK(node->hears([](const test_node::news& said) { return said.envelopes.size() == count; }));
    CHECK(node->hears([](const test_node::news& said) {
      for (std::size_t i = 0; i < said.envelopes.size(); ++i)
        if (said.envelopes[i].substr(0, 8) != fmt::format("{:08}", i)) return false;
      return true;
    }));
  }
}

TEST_CASE("tls_files: each file that is wrong is named") {
  const authority_folder folder;
  const authority_folder other;
  const auto good = folder.issue("a");
  CHECK(check_tls_files(good));
  const auto field_of = [](const tls_files& files) {
    const auto checked = check_tls_files(files);
    REQUIRE(!checked);
    return checked.error().field;
  };
  CHECK(field_of({good.key, good.key, good.authority}) == "cluster.certificate");
  CHECK(field_of({good.certificate, folder.issue("b").key, good.authority}) == "cluster.key");
  CHECK(field_of({good.certificate, good.key, good.key}) == "cluster.authority");
  CHECK(field_of({good.certificate, good.key, other.authority().certificate}) == "cluster.certificate");
}

TEST_CASE("certificates: an authority is not made twice, and keys are their owner's") {
  const authority_folder folder;
  CHECK(create_authority(folder.authority(), "again").error().code == errc::conflict);
  const auto files = folder.issue("a");
  for (const auto& path : {folder.authority().key, files.key}) {
    struct stat seen {};
    REQUIRE(::stat(path.c_str(), &seen) == 0);
    CHECK((seen.st_mode & 0777) == 0600);
  }
}

TEST_CASE("certificates: what cannot be issued is refused") {
  const authority_folder folder;
  const auto files = pair_in("/nowhere", "a");
  const auto code_of = [&](const node_request& request, const file_pair& authority) {
    return issue_certificate(authority, request, files).error().code;
  };
  CHECK(code_of({.node = "a", .hosts = {}}, folder.authority()) == errc::invalid_argument);
  CHECK(code_of({.node = "a", .hosts = {"one,DNS:two"}}, folder.authority()) == errc::invalid_argument);
  CHECK(code_of({.node = "a/b", .hosts = {"host"}}, folder.authority()) == errc::invalid_argument);
  CHECK(code_of({.node = "a", .hosts = {"host"}, .days = 0}, folder.authority()) == errc::invalid_argument);
  CHECK(code_of({.node = "a", .hosts = {"host"}}, pair_in("/nowhere", "ca")) == errc::not_found);
  CHECK(code_of({.node = "a", .hosts = {"host"}}, folder.authority()) == errc::not_found);
  const auto node = folder.issue("b");
  CHECK(code_of({.node = "a", .hosts = {"host"}}, {node.certificate, node.key}) == errc::invalid_argument);
}

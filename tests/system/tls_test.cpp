#include <doctest/doctest.h>

#include <algorithm>

#include <fmt/format.h>

#include "tests/system/chat.hpp"
#include "tests/system/rest_caller.hpp"
#include "tests/system/tls_node.hpp"
#include "tests/system/websocket_bytes.hpp"

namespace parley::tests {

namespace {

using testing::put_pair;

/// A WebSocket of which the test decides how its bytes lie in the records of TLS.
class recorded_websocket {
public:
  recorded_websocket(const tls_node& node, const std::string& user) : stream_{node.url(), {}} {
    stream_.write(fmt::format("GET /connect HTTP/1.1\r\nhost: {}\r\nupgrade: websocket\r\nconnection: upgrade\r\n"
                              "sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                              "authorization: Bearer {}\r\n\r\n",
                              authority_of(node.url()), node.token(user)));
    wait_for("synced");
  }

  void send_record(std::string_view bytes) { CHECK(stream_.write(bytes)); }
  void send_in_records_of(std::size_t size, std::string_view bytes) {
    for (; !bytes.empty(); bytes.remove_prefix(std::min(size, bytes.size()))) send_record(bytes.substr(0, size));
  }
  /// Reads until `text` has come, and forgets it.
  void wait_for(const std::string& text) {
    while (unread_.find(text) == std::string::npos) {
      const auto more = stream_.read_some();
      if (more.empty()) throw std::runtime_error{"the server has ended the connection before it said " + text};
      unread_ += more;
    }
    unread_.erase(0, unread_.find(text) + text.size());
  }
  tcp_stream& stream() { return stream_; }

private:
  tcp_stream stream_;
  std::string unread_;
};

std::string ping_of(std::size_t bytes, const std::string& ref) {
  const auto text = fmt::format(R"({{"type":"ping","ref":"{}")", ref);
  return text + std::string(bytes - text.size() - 1, ' ') + "}";
}

std::string text_frame(std::string_view text) { return frame_bytes({.opcode = opcode::text}, text); }

} // namespace

TEST_CASE("tls: the ready line says https, and answers tell browsers to keep to it") {
  const tls_node node{{"node.id=kitchen"}};
  CHECK(node.process.output() == fmt::format("ready http={} node=kitchen\n", node.url()));
  CHECK(node.url().starts_with("https://127.0.0.1:"));
  auto http = node.http();
  for (int i = 0; i < 3; ++i) {
    const auto answer = http.get("/readyz");
    CHECK(answer.status == 200);
    CHECK(answer.header("strict-transport-security") == "max-age=31536000");
  }
  CHECK(http.stream().tls().version() == "TLSv1.3");
  const auto last = http.get("/nowhere", {{"connection", "close"}});
  CHECK(last.status == 404);
  CHECK(last.header("strict-transport-security") == "max-age=31536000");
  CHECK(http.is_ended_by_server());
  CHECK(http.stream().tls().was_ended_properly());

  const running_node plain;
  CHECK(plain.http().get("/readyz").header("strict-transport-security").empty());
}

TEST_CASE("tls: two users chat by WebSocket") {
  const tls_node node;
  node.introduce({"bob"});
  auto ann = node.online("ann"), bob = node.online("bob");
  for (int i = 0; i < 20; ++i) {
    CHECK(ann.ask(send_to("bob", fmt::format("hello {}", i)))["type"] == "ack");
    const auto came = bob.wait_type("message");
    CHECK(came["text"] == fmt::format("hello {}", i));
    CHECK(bob.ask(position("read", came["conversation"].text(), came["seq"].number()))["type"] == "ack");
  }
  ann.send_control_ping();
  CHECK(ann.ask(R"({"type":"ping"})")["type"] == "pong");
  ann.close();
  CHECK(ann.end().code == 1000);
}

TEST_CASE("tls: a client that polls, and one that uses HTTP alone") {
  const tls_node node;
  rest_caller ann{node, node.token("ann")}, bob{node, node.token("bob")};
  auto answer = bob.post("/v1/poll", R"({"waitMs":0,"frames":[{"type":"ping","ref":"1"}]})");
  REQUIRE(answer.status == 200);
  const auto begun = answer.json();
  CHECK(begun["frames"].items().front()["type"] == "welcome");
  const auto next = [&](int wait) {
    return bob.http().text_of("POST", "/v1/poll", {{"authorization", "Bearer " + bob.token()}},
                              fmt::format(R"({{"waitMs":{},"s":0,"session":{},"resumeKey":{}}})", wait,
                                          begun["session"].dump(), begun["resumeKey"].dump()));
  };
  // One that waits is answered when there is something to say.
  CHECK(ann.post("/v1/messages", R"({"to":"bob","text":"hello"})").json()["type"] == "ack");
  const deadline until;
  auto has_come = false;
  while (!has_come && !until.is_over()) {
    bob.http().write(next(5'000));
    answer = bob.http().read();
    REQUIRE(answer.status == 200);
    const auto frames = answer.json()["frames"].items();
    has_come = std::any_of(frames.begin(), frames.end(), [](const json& frame) { return frame["text"] == "hello"; });
  }
  CHECK(has_come);
}

TEST_CASE("tls: what is large goes through in both directions") {
  const tls_node node;
  rest_caller ann{node, node.token("ann")};
  std::string content(3'000'000, '\0');
  for (std::size_t i = 0; i < content.size(); ++i) content[i] = static_cast<char>(i * i >> 7);
  const auto stored = ann.post("/v1/files", content);
  REQUIRE(stored.status == 200);
  const auto path = "/v1/files/" + stored.json()["file"].text();
  CHECK((ann.get(path).body == content));
  CHECK((ann.get(path).body == content));
}

TEST_CASE("tls: requests in one record are answered in their order") {
  const tls_node node;
  auto http = node.http();
  std::string requests;
  for (int i = 0; i < 20; ++i) requests += http.text_of("GET", i % 2 == 0 ? "/healthz" : "/nothing");
  http.write(requests);
  for (int i = 0; i < 20; ++i) CHECK(http.read().status == (i % 2 == 0 ? 200 : 404));
}

TEST_CASE("tls: a frame may lie in records of any size") {
  const tls_node node;
  recorded_websocket ann{node, "ann"};
  for (const std::size_t size : {1U, 100U, 16'384U}) {
    CAPTURE(size);
    ann.send_in_records_of(size, text_frame(ping_of(2'000, fmt::format("small-{}", size))));
    ann.wait_for(fmt::format("small-{}", size));
    if (size == 1) continue;
    // The largest that may be.
    ann.send_in_records_of(size, text_frame(ping_of(65'536, fmt::format("large-{}", size))));
    ann.wait_for(fmt::format("large-{}", size));
  }
  ann.send_in_records_of(16'384, text_frame(ping_of(65'537, "surplus")));
  CHECK_THROWS(ann.wait_for("surplus"));
}

TEST_CASE("tls: of many frames in one record none is forgotten, also while the server does not read") {
  const tls_node node{{"limits.send_rate=0"}};
  node.introduce({"bob"});
  recorded_websocket ann{node, "ann"};
  std::string pings, sends;
  for (int i = 0; i < 200; ++i) pings += text_frame(fmt::format(R"({{"type":"ping","ref":"p{}"}})", i));
  ann.send_record(pings);
  for (int i = 0; i < 200; ++i) ann.wait_for(fmt::format(R"("p{}")", i));
  // More than may be under way, so that some wait decrypted, and others not, until there is room.
  for (int round = 0; round < 3; ++round) {
    sends.clear();
    for (int i = 0; i < 150; ++i)
      sends += text_frame(
          fmt::format(R"({{"type":"send","echo":false,"to":"bob","text":"hello","ref":"s{}-{}"}})", round, i));
    ann.send_record(sends);
    ann.send_record(text_frame(fmt::format(R"({{"type":"ping","ref":"end-{}"}})", round)));
    for (int i = 0; i < 150; ++i) ann.wait_for(fmt::format(R"("s{}-{}")", round, i));
  }
}

TEST_CASE("tls: who reads late gets everything, and in order") {
  const tls_node node{{"limits.send_rate=0", "limits.outbox_bytes=20000000", "limits.frame_rate=0"}};
  node.introduce({"bob"});
  auto ann = node.online("ann");
  client bob{node.url(),
             {.query = "",
              .headers = {{"Authorization", "Bearer " + node.token("bob")}},
              .receive_buffer = 4'096,
              .authority = node.authority}};
  bob.collect_until(of_type("synced"));
  // More than the sockets hold.
  constexpr int messages = 500;
  const auto request = send_to("bob", std::string(16'000, 'x'));
  for (int i = 0; i < messages; ++i) REQUIRE(ann.ask(request)["type"] == "ack");
  const auto came = bob.collect(messages, of_type("message"));
  CHECK(is_dense(came));
}

TEST_CASE("tls: a client that comes back with its ticket need not agree on everything anew") {
  const tls_node node;
  auto first = node.http();
  // The ticket comes with the first answer.
  CHECK(first.get("/healthz").status == 200);
  CHECK(!first.stream().tls().is_resumed());
  auto second = node.stream({.session = first.stream().tls().session()});
  CHECK(second.tls().is_resumed());
}

TEST_CASE("tls: a renewed certificate is used without a restart, and a bad one is not") {
  const tls_node node;
  auto ann = node.online("ann");
  const auto name_now = [&] { return node.stream().tls().server_name(); };
  CHECK(name_now() == "first");
  (void)put_pair(node.certificates(), node.issuer.issue("second"));
  CHECK(eventually([&] { return name_now() == "second"; }));
  // Open connections stay.
  CHECK(ann.ask(R"({"type":"ping"})")["type"] == "pong");

  testing::put_file(node.certificates() / "key.pem", node.issuer.issue("third").key);
  constexpr std::string_view complaint = "is not the key of http.tls.cert";
  CHECK(eventually([&] {
    CHECK(name_now() == "second");
    return node.process.log().find(complaint) != std::string::npos;
  }));
  (void)put_pair(node.certificates(), node.issuer.issue("fourth"));
  CHECK(eventually([&] { return name_now() == "fourth"; }));
  const auto log = node.process.log();
  CHECK(log.find(complaint) == log.rfind(complaint));
}

TEST_CASE("tls: a node that goes takes leave properly") {
  tls_node node;
  auto ann = node.online("ann");
  recorded_websocket bob{node, "bob"};
  node.process.ask_to_end();
  CHECK(ann.wait_type("bye")["reason"] == "drain");
  CHECK(ann.end().code == 4001);
  bob.wait_for("the server restarts");
  bob.send_record(frame_bytes({.opcode = opcode::close}, "\x03\xe8"));
  CHECK(bob.stream().read_to_end().empty());
  CHECK(bob.stream().tls().was_ended_properly());
  CHECK(node.process.wait_for_end() == process_end{});
}

} // namespace parley::tests

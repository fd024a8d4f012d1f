#include <doctest/doctest.h>

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "tests/system/chat.hpp"
#include "tests/system/running_node.hpp"

namespace parley::tests {

namespace {

/// What the next poll is made of, beside the session.
struct poll_content {
  std::vector<std::string> frames;
  int wait = 5'000;
  std::optional<std::int64_t> s;
  std::string more;
};

/// A client without a socket: its polls go over one HTTP connection.
class poller {
public:
  poller(const running_node& node, const std::string& user) : http_{node.url()}, token_{node.token(user)} {}

  void start(const poll_content& what = {}) {
    http_.write(http_.text_of("POST", "/v1/poll", {{"authorization", "Bearer " + token_}}, body(what)));
  }
  /// The frames of the answer.
  std::vector<json> finish() {
    last = http_.read();
    REQUIRE(last.status == 200);
    const auto answer = last.json();
    session = answer["session"].text();
    key = answer["resumeKey"].text();
    auto frames = answer["frames"].items();
    for (const auto& frame : frames)
      if (frame["s"].exists()) s = std::max(s, frame["s"].number());
    return frames;
  }
  std::vector<json> poll(const poll_content& what = {}) {
    start(what);
    return finish();
  }
  /// Polls until a frame fits; answers all up to it.
  std::vector<json> poll_until(const client::predicate& fits) {
    std::vector<json> all;
    const deadline until;
    while (!until.is_over()) {
      for (auto& frame : poll()) {
        all.push_back(frame);
        if (fits(frame)) return all;
      }
    }
    throw std::runtime_error{"the frame did not come"};
  }

  std::string session;
  std::string key;
  std::int64_t s = 0;
  http_answer last;

private:
  [[nodiscard]] std::string body(const poll_content& what) const {
    auto text = fmt::format(R"({{"waitMs":{},"s":{}{})", what.wait, what.s.value_or(s), what.more);
    if (!session.empty()) text += fmt::format(R"(,"session":"{}","resumeKey":"{}")", session, key);
    text += R"(,"frames":[)";
    for (std::size_t i = 0; i < what.frames.size(); ++i) text += (i > 0 ? "," : "") + what.frames[i];
    return text + "]}";
  }

  http_client http_;
  std::string token_;
};

struct poll_chat {
  poll_chat() { node.introduce({"ann", "bob"}); }

  running_node node{{"limits.send_rate=0"}};
  poller bob{node, "bob"};
};

} // namespace

TEST_CASE_FIXTURE(poll_chat, "poll: a session begins with the welcome and the replay") {
  auto ann = node.online("ann");
  ann.ask(send_to("bob", "before"));
  const auto frames = bob.poll_until(of_type("synced"));
  CHECK(frames.front()["type"] == "welcome");
  CHECK(frames.front()["resumed"] == false);
  CHECK(frames.front()["session"] == bob.session);
  CHECK(frames.front()["resumeKey"] == bob.key);
  const auto messages = messages_in(frames);
  REQUIRE(messages.size() == 1);
  CHECK(messages[0]["text"] == "before");
  CHECK(messages[0]["s"] == 1);
}

TEST_CASE_FIXTURE(poll_chat, "poll: it sends, and has the answers in its own answer") {
  auto ann = node.online("ann");
  const auto first = bob.poll({.frames = {R"({"type":"ping","ref":"1"})"}, .wait = 0});
  const auto is_there = [&](std::string type) { return std::any_of(first.begin(), first.end(), of_type(type)); };
  CHECK(first.front()["type"] == "welcome");
  CHECK(is_there("pong"));
  if (!is_there("synced")) bob.poll_until(of_type("synced"));

  const auto frames = bob.poll(
      {.frames = {R"({"type":"send","ref":"a","to":"ann","text":"hi"})", "5", R"({"type":"nonsense","ref":"b"})"},
       .wait = 0});
  std::size_t answers = 0;
  for (const auto& frame : frames) {
    if (frame["ref"] == "a") answers += frame["type"] == "ack";
    if (frame["ref"] == "b") answers += frame["code"] == "unknown_type";
    if (frame["code"] == "bad_frame") ++answers;
  }
  CHECK(answers == 3);
  CHECK(ann.wait_type("message")["text"] == "hi");
}

TEST_CASE_FIXTURE(poll_chat, "poll: it waits for what comes") {
  auto ann = node.online("ann");
  bob.poll_until(of_type("synced"));
  bob.start();
  ann.ask(send_to("bob", "hello"));
  const auto frames = bob.finish();
  REQUIRE(messages_in(frames).size() == 1);
  CHECK(frames[0]["text"] == "hello");
  CHECK(bob.last.header("connection") != "close");
  CHECK(bob.poll({.wait = 0}).empty());
}

TEST_CASE_FIXTURE(poll_chat, "poll: pushes come again until they are confirmed, replies do not") {
  auto ann = node.online("ann");
  bob.poll_until(of_type("synced"));
  ann.ask(send_to("bob", "1"));
  const auto frames = bob.poll({.frames = {R"({"type":"conversations","ref":"1"})"}});
  CHECK(frames.size() == 2);
  const auto again = bob.poll({.wait = 0, .s = 0});
  REQUIRE(again.size() == 1);
  CHECK(again[0]["text"] == "1");
  CHECK(bob.poll({.wait = 0}).empty());
}

TEST_CASE_FIXTURE(poll_chat, "poll: what a client that went away was sent is not lost") {
  auto ann = node.online("ann");
  bob.poll_until(of_type("synced"));
  {
    poller gone{node, "bob"};
    gone.session = bob.session;
    gone.key = bob.key;
    gone.start();
  }
  ann.ask(send_to("bob", "1"));
  const auto frames = bob.poll();
  REQUIRE(messages_in(frames).size() == 1);
  CHECK(messages_in(frames)[0]["s"] == 1);
}

TEST_CASE_FIXTURE(poll_chat, "poll: a newer one ends an older one at once") {
  bob.poll_until(of_type("synced"));
  poller other{node, "bob"};
  other.session = bob.session;
  other.key = bob.key;
  bob.start({.wait = 25'000});
  // Not before the older one has arrived.
  CHECK(eventually([&] { return other.poll({.wait = 0}).empty(); }));
  other.start({.wait = 25'000});
  CHECK(bob.finish().empty());
}

TEST_CASE_FIXTURE(poll_chat, "poll: it takes over the session of a socket, and a socket takes it back") {
  auto ann = node.online("ann");
  auto socket = node.connect("bob");
  const auto welcome = socket.collect_until(of_type("synced")).front();
  bob.session = welcome["session"].text();
  bob.key = welcome["resumeKey"].text();
  ann.ask(send_to("bob", "1"));

  const auto frames = bob.poll();
  CHECK(socket.end().code == 4506);
  REQUIRE(frames.size() == 2);
  CHECK(frames[0]["type"] == "welcome");
  CHECK(frames[0]["resumed"] == true);
  CHECK(frames[0]["session"] == welcome["session"].text());
  CHECK(frames[1]["s"] == 1);

  bob.start({.wait = 25'000});
  ann.ask(send_to("bob", "2"));
  CHECK(messages_in(bob.finish()).size() == 1);
  bob.start({.wait = 25'000, .s = 2});
  auto back = node.connect("bob", fmt::format("?resume={}&key={}&s=1", bob.session, bob.key));
  CHECK(back.next()["resumed"] == true);
  CHECK(back.next()["s"] == 2);
}

TEST_CASE_FIXTURE(poll_chat, "poll: with a wrong key, or of another user, it is a new session") {
  bob.poll_until(of_type("synced"));
  const auto before = bob.session;
  poller thief{node, "ann"};
  thief.session = bob.session;
  thief.key = bob.key;
  CHECK(thief.poll().front()["resumed"] == false);
  CHECK(thief.session != before);
  bob.key = "guessed";
  CHECK(bob.poll({.s = 0}).front()["resumed"] == false);
  CHECK(bob.session != before);
}

TEST_CASE_FIXTURE(poll_chat, "poll: without a good token, or with a bad body, nothing begins") {
  auto http = node.http();
  CHECK(http.post("/v1/poll", "{}").status == 401);
  const auto ask = [&](std::string_view body, const std::string& token) {
    return http.request("POST", "/v1/poll", {{"authorization", "Bearer " + token}}, body);
  };
  CHECK(ask("{}", "x.y.z").json()["code"] == "unauthenticated");
  const auto bad = ask(R"({"waitMs":30000})", node.token("bob"));
  CHECK(bad.status == 400);
  CHECK(bad.json()["code"] == "invalid_argument");
  CHECK(bad.json()["field"] == "waitMs");
  std::string many = "1";
  for (int i = 0; i < 32; ++i) many += ",1";
  CHECK(ask(R"({"frames":[)" + many + "]}", node.token("bob")).status == 422);
}

TEST_CASE_FIXTURE(poll_chat, "poll: when the node goes an open one is told") {
  bob.poll_until(of_type("synced"));
  bob.start({.wait = 25'000});
  // Its answer to nothing would come too late: the poll has to be there when the node is asked to end.
  std::this_thread::sleep_for(std::chrono::milliseconds{200});
  node.process.ask_to_end();
  const auto frames = bob.finish();
  REQUIRE(frames.size() == 1);
  CHECK(frames[0]["type"] == "bye");
  CHECK(bob.last.json()["close"]["code"] == 4001);
  CHECK((node.process.wait_for_end() == process_end{.code = 0}));
}

} // namespace parley::tests

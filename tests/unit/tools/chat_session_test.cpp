#include "tools/parleyctl/chat_session.hpp"

#include <boost/json.hpp>
#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace parley;
using namespace parley::ctl;
namespace json = boost::json;

namespace {

const std::string direct = to_string(direct_conversation({"ann"}, {"bob"}));

// Writes down what it is told, a word a line.
struct notes final : chat_view {
  std::vector<std::string> lines;
  std::size_t room = 1000;
  json::object frame; // of the last entry

  void show_entry(const shown_entry& entry) override {
    frame = entry.frame;
    lines.push_back(fmt::format("{} {}: {}", entry.seq, entry.from, entry.text));
  }
  [[nodiscard]] bool wants_more() const override { return lines.size() < room; }
  void show_progress(progress reached, const shown_entry& newest) override {
    lines.push_back(fmt::format("{} {}", newest.seq, reached == progress::read ? "read" : "delivered"));
  }
  void show_sent(const sent_message& message) override { lines.push_back(fmt::format("sent {}", message.seq)); }
  void show_refused(const std::string& text, const std::string& why) override {
    lines.push_back(fmt::format("refused {}: {}", text, why));
  }
  void show_notice(const std::string& text) override { lines.push_back(text); }

  std::vector<std::string> take() { return std::exchange(lines, {}); }
};

struct ann {
  notes view;
  chat_session session;
  instant now{};

  explicit ann(std::optional<unsigned> history = std::nullopt)
      : session{{.self = {"ann"}, .peer = {"bob"}, .device = {"pc"}, .history = history}, view} {}

  result<void> hears(const std::string& frame) { return session.on_frame(frame, now); }

  void is_welcomed() {
    REQUIRE(
        hears(R"({"type":"welcome","user":"ann","session":"s-1","resumeKey":"k","resumed":false,"heartbeatMs":1000})"));
  }
  void is_pushed(seq_no seq, std::string_view from, std::string_view text) { REQUIRE(hears(message(seq, from, text))); }

  static std::string message(seq_no seq, std::string_view from, std::string_view text) {
    return fmt::format(R"({{"type":"message","conversation":"{}","seq":{},"from":"{}","text":"{}","ts":1,"s":{}}})",
                       direct, seq, from, text, seq);
  }
  static std::string history(std::string_view items, seq_no head, bool more) {
    return fmt::format(R"({{"type":"history","ref":"history","conversation":"{}","items":[{}],"head":{},"more":{}}})",
                       direct, items, head, more);
  }

  // What she says, one frame after the other, without the client ids.
  std::vector<std::string> says() {
    std::vector<std::string> said;
    for (const auto& text : session.take_outgoing()) {
      auto frame = json::parse(text).as_object();
      if (const auto* const id = frame.if_contains("clientId")) last_client_id = id->as_string();
      frame.stable_erase("clientId");
      frame.stable_erase("ref");
      auto line = json::serialize(frame);
      if (const auto at = line.find(direct); at != std::string::npos) line.replace(at, direct.size(), "D");
      said.push_back(line);
    }
    return said;
  }

  std::string last_client_id;
};

using lines = std::vector<std::string>;

} // namespace

TEST_CASE("chat session: the first message goes to the user, the next to the conversation, one at a time") {
  ann a;
  a.session.post("one");
  a.session.post("two");
  CHECK(a.says().empty());
  a.is_welcomed();
  CHECK(a.says() == lines{R"({"type":"send","text":"one","to":"bob"})"});
  REQUIRE(a.hears(fmt::format(R"({{"type":"ack","ref":"send","conversation":"{}","seq":1,"id":"x:1"}})", direct)));
  CHECK(a.says() == lines{R"({"type":"send","text":"two","conversation":"D"})"});
  CHECK(a.view.take() == lines{"sent 1"});
  CHECK(a.session.unsent() == 1);
}

TEST_CASE("chat session: an unacknowledged message is repeated with its client id after a reconnect") {
  ann a;
  a.session.post("one");
  a.is_welcomed();
  CHECK(a.says().size() == 1);
  const auto first = a.last_client_id;
  a.session.on_connection_lost();
  a.is_welcomed();
  CHECK(a.says().size() == 1);
  CHECK(a.last_client_id == first);
}

TEST_CASE("chat session: a message that may be repeated waits as long as the server asks") {
  ann a;
  a.session.post("one");
  a.is_welcomed();
  CHECK(a.says().size() == 1);
  REQUIRE(a.hears(
      R"({"type":"error","ref":"send","code":"rate_limited","message":"m","retry":"later","retryAfterMs":400})"));
  CHECK(a.session.repeat_at() == a.now + std::chrono::milliseconds{400});
  a.session.repeat(a.now + std::chrono::milliseconds{399});
  CHECK(a.says().empty());
  a.session.repeat(a.now + std::chrono::milliseconds{400});
  CHECK(a.says().size() == 1);
  CHECK(!a.session.repeat_at());
}

TEST_CASE("chat session: a message that is refused for good makes room for the next") {
  ann a;
  a.session.post("one");
  a.session.post("two");
  a.is_welcomed();
  CHECK(a.says().size() == 1);
  REQUIRE(a.hears(R"({"type":"error","ref":"send","code":"blocked","message":"m","retry":"no"})"));
  CHECK(a.view.take() == lines{"refused one: blocked: m"});
  CHECK(a.says() == lines{R"({"type":"send","text":"two","to":"bob"})"});
}

TEST_CASE("chat session: pushes are shown once, in order, and confirmed as read") {
  ann a;
  a.is_welcomed();
  a.is_pushed(7, "bob", "hi");
  a.is_pushed(7, "bob", "hi");
  a.is_pushed(8, "bob", "there");
  CHECK(a.view.take() == lines{"7 bob: hi", "8 bob: there"});
  CHECK(a.says() ==
        lines{R"({"type":"read","conversation":"D","seq":7})", R"({"type":"read","conversation":"D","seq":8})"});
}

TEST_CASE("chat session: a hole is read from the log before anything behind it is shown") {
  ann a;
  a.is_welcomed();
  a.is_pushed(1, "bob", "one");
  a.is_pushed(3, "bob", "three");
  a.is_pushed(4, "bob", "four");
  CHECK(a.view.take() == lines{"1 bob: one"});
  CHECK(a.says().back() == R"({"type":"history","conversation":"D","after":1,"limit":200})");
  REQUIRE(a.hears(ann::history(ann::message(2, "bob", "two") + "," + ann::message(3, "bob", "three"), 4, true)));
  CHECK(a.view.take() == lines{"2 bob: two", "3 bob: three"});
  CHECK(a.says().front() == R"({"type":"history","conversation":"D","after":3,"limit":200})");
  REQUIRE(a.hears(ann::history(ann::message(4, "bob", "four"), 4, false)));
  CHECK(a.view.take() == lines{"4 bob: four"});
  a.is_pushed(5, "bob", "five");
  CHECK(a.view.take() == lines{"5 bob: five"});
}

TEST_CASE("chat session: a gap and a reconnect end in reading the log") {
  ann a;
  a.is_welcomed();
  REQUIRE(a.hears(fmt::format(R"({{"type":"gap","conversation":"{}","from":4,"to":300}})", direct)));
  CHECK(a.says() == lines{R"({"type":"history","conversation":"D","after":3,"limit":200})"});
  a.session.on_connection_lost();
  a.is_welcomed();
  CHECK(a.says() == lines{R"({"type":"history","conversation":"D","after":3,"limit":200})"});
}

TEST_CASE("chat session: a page without entries for us does not ask for ever") {
  ann a;
  a.is_welcomed();
  a.is_pushed(1, "bob", "one");
  a.is_pushed(9, "bob", "nine");
  CHECK(a.says().size() == 2);
  REQUIRE(a.hears(ann::history("", 9, false)));
  CHECK(a.says().empty());
}

TEST_CASE("chat session: begins with the positions of the other and the newest entries") {
  ann a{20};
  a.is_welcomed();
  CHECK(a.session.target() == "/connect?device=pc&replay=none&resume=s-1&key=k&s=0");
  CHECK(a.says() == lines{R"({"type":"members","conversation":"D"})"});
  REQUIRE(a.hears(
      R"({"type":"members","ref":"members","items":[{"user":"ann","delivered":9,"read":9},{"user":"bob","delivered":8,"read":7}]})"));
  CHECK(a.says() == lines{R"({"type":"history","conversation":"D","limit":20})"});
  a.is_pushed(9, "ann", "live"); // arrives before the page and is on it
  REQUIRE(a.hears(ann::history(ann::message(8, "ann", "eight") + "," + ann::message(9, "ann", "live"), 9, true)));
  CHECK(a.view.take() == lines{"8 ann: eight", "9 ann: live"});
}

TEST_CASE("chat session: two users who never wrote have no history, and that is fine") {
  ann a{20};
  a.is_welcomed();
  REQUIRE(a.hears(R"({"type":"error","ref":"members","code":"not_found","message":"m","retry":"no"})"));
  a.is_pushed(1, "bob", "first");
  CHECK(a.view.take() == lines{"1 bob: first"});
}

TEST_CASE("chat session: a conversation given by id has to exist") {
  notes view;
  chat_session session{{.self = {"ann"}, .conversation = direct, .history = 20}, view};
  REQUIRE(session.on_frame(R"({"type":"welcome","user":"ann","session":"s","resumeKey":"k"})", {}));
  CHECK(session.take_outgoing().front() == fmt::format(R"({{"type":"focus","conversations":["{}"]}})", direct));
  CHECK(!session.on_frame(R"({"type":"error","ref":"members","code":"not_found","message":"m","retry":"no"})", {}));
}

TEST_CASE("chat session: receipts move the ticks of one's own messages, forward only") {
  ann a;
  a.is_welcomed();
  a.is_pushed(1, "ann", "one");
  a.is_pushed(2, "ann", "two");
  CHECK(a.view.take() == lines{"1 ann: one", "2 ann: two"});
  const auto receipt = [&](seq_no seq, const char* status) {
    REQUIRE(a.hears(fmt::format(R"({{"type":"receipt","conversation":"{}","seq":{},"user":"bob","status":"{}"}})",
                                direct, seq, status)));
  };
  receipt(1, "delivered");
  receipt(2, "delivered");
  receipt(2, "delivered");
  receipt(2, "read");
  receipt(1, "read");
  CHECK(a.view.take() == lines{"1 delivered", "2 delivered", "2 read"});
}

TEST_CASE("chat session: an answer of the other says that it has read") {
  ann a;
  a.is_welcomed();
  a.is_pushed(1, "ann", "one");
  a.is_pushed(2, "bob", "two");
  CHECK(a.view.take() == lines{"1 ann: one", "1 read", "2 bob: two"});
}

TEST_CASE("chat session: resumes where it was") {
  ann a;
  CHECK(a.session.target() == "/connect?device=pc");
  a.is_welcomed();
  a.is_pushed(5, "bob", "x");
  CHECK(a.session.target() == "/connect?device=pc&resume=s-1&key=k&s=5");
}

TEST_CASE("chat session: another user's token is an error") {
  ann a;
  const auto heard = a.hears(R"({"type":"welcome","user":"eve","session":"s","resumeKey":"k"})");
  REQUIRE(!heard);
  CHECK(heard.error().code == errc::unauthenticated);
}

TEST_CASE("chat session: what the view has no room for is not confirmed") {
  ann a;
  a.view.room = 1;
  a.is_welcomed();
  a.is_pushed(1, "bob", "one");
  a.is_pushed(2, "bob", "two");
  CHECK(a.says() == lines{R"({"type":"read","conversation":"D","seq":1})"});
  CHECK(a.view.take() == lines{"1 bob: one"});
}

TEST_CASE("chat session: reading that is refused for the moment is repeated") {
  ann a{20};
  a.is_welcomed();
  CHECK(a.says().size() == 1);
  REQUIRE(a.hears(
      R"({"type":"error","ref":"members","code":"rate_limited","message":"m","retry":"later","retryAfterMs":50})"));
  CHECK(a.session.repeat_at() == a.now + std::chrono::milliseconds{50});
  a.session.repeat(a.now + std::chrono::milliseconds{50});
  CHECK(a.says() == lines{R"({"type":"members","conversation":"D"})"});
  CHECK(!a.session.repeat_at());
}

TEST_CASE("chat session: may begin behind the newest entry") {
  ann a{0};
  a.is_welcomed();
  CHECK(a.says().size() == 1);
  REQUIRE(a.hears(R"({"type":"members","ref":"members","items":[]})"));
  CHECK(a.says() == lines{R"({"type":"history","conversation":"D","limit":1})"});
  a.is_pushed(9, "bob", "live"); // is not on the page that arrives
  REQUIRE(a.hears(ann::history(ann::message(8, "bob", "eight"), 8, true)));
  CHECK(a.view.take().empty());
  CHECK(a.says() == lines{R"({"type":"history","conversation":"D","after":8,"limit":200})"});
  REQUIRE(a.hears(ann::history(ann::message(9, "bob", "live"), 9, false)));
  CHECK(a.view.take() == lines{"9 bob: live"});
}

TEST_CASE("chat session: who only watches confirms nothing") {
  notes view;
  chat_session session{{.self = {"ann"}, .peer = {"bob"}, .confirms = false}, view};
  REQUIRE(session.on_frame(R"({"type":"welcome","user":"ann","session":"s","resumeKey":"k"})", {}));
  REQUIRE(session.on_frame(ann::message(1, "bob", "one"), {}));
  CHECK(view.take() == lines{"1 bob: one"});
  CHECK(session.take_outgoing().empty());
}

TEST_CASE("chat session: an entry is shown with all that the server said, but for the push's number") {
  ann a;
  a.is_welcomed();
  REQUIRE(a.hears(fmt::format(R"({{"type":"message","conversation":"{}","seq":1,"data":{{"a":1}},"s":5}})", direct)));
  CHECK(json::serialize(a.view.frame) ==
        fmt::format(R"({{"type":"message","conversation":"{}","seq":1,"data":{{"a":1}}}})", direct));
}

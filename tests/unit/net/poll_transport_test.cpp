#include "net/poll_transport.hpp"

#include <doctest/doctest.h>

#include "tests/unit/net/http_reading.hpp"

using namespace parley;
using namespace parley::net;
using namespace parley::tests;
using actors::close_code;
using std::chrono::milliseconds;

namespace {

struct played_listener final : frame_listener {
  std::vector<std::string> heard;
  bool is_owing = false;
  std::size_t written = 0;
  bool is_gone = false;

  void on_open() override {}
  void on_frame(std::string_view text, bool) override { heard.emplace_back(text); }
  void on_control() override {}
  void on_written() override { ++written; }
  void on_gone() override { is_gone = true; }
  bool owes_answers() const override { return is_owing; }
};

struct poll_stage {
  manual_clock time;
  // The transport answers what still waits when it ends, so these outlive it.
  std::vector<std::string> answers;
  std::vector<unsigned> statuses;
  poll_transport transport{{.outbox = {.frames_max = 4, .bytes_max = 1'000}, .inbox_max = 3}, time};
  std::shared_ptr<played_listener> listener = std::make_shared<played_listener>();

  poll_stage() {
    transport.listen(listener);
    transport.introduce({"s-1", "k", 0});
  }

  void poll(std::uint64_t s, std::vector<std::string> frames = {}, milliseconds wait = milliseconds{1'000}) {
    transport.begin({.bearer = {},
                     .frames = std::move(frames),
                     .s = s,
                     .wait = wait,
                     .answer = [this](const http_response& response) {
                       statuses.push_back(response.status);
                       answers.push_back(*response.body);
                     }});
  }
  void push(std::uint64_t s) {
    transport.put({.body = std::make_shared<const std::string>("{\"push\":1"), .suffix = close_frame(s), .s = s});
  }
  void say(const std::string& frame, bool is_notice = false) {
    transport.put({.body = std::make_shared<const std::string>(frame), .suffix = {}, .is_notice = is_notice});
  }
  void pass(milliseconds by) {
    time.advance(by);
    transport.tick(time.steady());
    transport.flush();
  }
  /// The frames of the only answer since the last call.
  std::string take() {
    REQUIRE(answers.size() == 1);
    const auto answer = std::exchange(answers, {}).front();
    constexpr std::string_view before = R"({"session":"s-1","resumeKey":"k","frames":[)";
    REQUIRE(answer.starts_with(before));
    return answer.substr(before.size());
  }
};

} // namespace

TEST_CASE_FIXTURE(poll_stage, "poll: it is answered when there is something to say, all of it") {
  poll(0);
  CHECK(answers.empty());
  say("{}", true);
  push(1);
  CHECK(answers.empty());
  transport.flush();
  CHECK(take() == R"({},{"push":1,"s":1}]})");
}

TEST_CASE_FIXTURE(poll_stage, "poll: what came in between is said at once") {
  push(1);
  transport.flush();
  poll(0);
  CHECK(take() == R"({"push":1,"s":1}]})");
}

TEST_CASE_FIXTURE(poll_stage, "poll: with nothing to say it is answered when its time is over") {
  poll(0);
  pass(milliseconds{999});
  CHECK(answers.empty());
  pass(milliseconds{1});
  CHECK(take() == "]}");
  poll(0, {}, milliseconds{0});
  CHECK(take() == "]}");
}

TEST_CASE_FIXTURE(poll_stage, "poll: pushes are repeated until a poll has them, replies are not") {
  say("{}", true);
  push(1);
  say(R"({"reply":1})");
  push(2);
  poll(0);
  CHECK(take() == R"({},{"push":1,"s":1},{"reply":1},{"push":1,"s":2}]})");
  poll(1);
  // The answer has not come, so the notice has not either.
  CHECK(take() == R"({},{"push":1,"s":2}]})");
  poll(2, {}, milliseconds{0});
  CHECK(take() == "]}");
  CHECK(transport.can_go_on(2));
  CHECK_FALSE(transport.can_go_on(1));
}

TEST_CASE_FIXTURE(poll_stage, "poll: a newer one ends an older one, which gets nothing") {
  poll(0);
  poll(0);
  CHECK(take() == "]}");
  push(1);
  transport.flush();
  CHECK(take() == R"({"push":1,"s":1}]})");
}

TEST_CASE_FIXTURE(poll_stage, "poll: its frames are read one by one, behind the welcome") {
  poll(0, {"1", "2"});
  transport.read();
  transport.flush();
  CHECK(listener->heard.empty());
  say("{}", true);
  transport.flush();
  CHECK(listener->heard.size() == 1);
  transport.flush();
  CHECK(listener->heard.size() == 1);
  transport.read();
  transport.flush();
  CHECK((listener->heard == std::vector<std::string>{"1", "2"}));
}

TEST_CASE_FIXTURE(poll_stage,
                  "poll: it waits for the replies to its requests, longer than for pushes, but not for ever") {
  say("{}", true);
  poll(0, {"1"}, milliseconds{100});
  CHECK(answers.empty());
  transport.read();
  listener->is_owing = true;
  transport.flush();
  pass(milliseconds{4'900});
  CHECK(answers.empty());
  SUBCASE("they come") {
    listener->is_owing = false;
    say(R"({"reply":1})");
    transport.flush();
    CHECK(take() == R"({},{"reply":1}]})");
  }
  SUBCASE("they do not") {
    pass(milliseconds{100});
    CHECK(take() == "{}]}");
  }
}

TEST_CASE_FIXTURE(poll_stage, "poll: frames that nobody reads are bounded") {
  poll(0, {"1", "2"});
  poll(0, {"3", "4"});
  CHECK(answers.size() == 2);
  CHECK((statuses == std::vector<unsigned>{200, 503}));
}

TEST_CASE_FIXTURE(poll_stage, "poll: pushes that were not confirmed fill the queue, confirmed ones make room") {
  push(1);
  CHECK_FALSE(transport.is_half_full());
  push(2);
  CHECK(transport.is_half_full());
  push(3);
  push(4);
  CHECK(transport.is_full());
  poll(0);
  CHECK(transport.is_full());
  const auto written = listener->written;
  poll(3);
  CHECK_FALSE(transport.is_half_full());
  CHECK(listener->written > written);
}

TEST_CASE_FIXTURE(poll_stage, "poll: the transport is gone half a minute after the last poll") {
  poll(0);
  pass(milliseconds{1'000});
  pass(milliseconds{29'999});
  CHECK_FALSE(listener->is_gone);
  pass(milliseconds{1});
  CHECK(listener->is_gone);
}

TEST_CASE_FIXTURE(poll_stage, "poll: an open one keeps it") {
  poll(0, {}, milliseconds{100'000});
  pass(milliseconds{99'000});
  CHECK_FALSE(listener->is_gone);
  CHECK(answers.empty());
}

TEST_CASE_FIXTURE(poll_stage, "poll: a close is said with everything before it") {
  poll(0);
  push(1);
  transport.close(close_code::authentication_failed, "expired");
  CHECK(answers.empty());
  transport.flush();
  CHECK(take() == R"({"push":1,"s":1}],"close":{"code":4501,"reason":"expired"}})");
  CHECK(listener->is_gone);
}

TEST_CASE_FIXTURE(poll_stage, "poll: a close for good waits for the next poll") {
  transport.close(close_code::device_revoked, "revoked");
  transport.flush();
  CHECK_FALSE(listener->is_gone);
  push(1);
  poll(0);
  CHECK(take() == R"(],"close":{"code":4502,"reason":"revoked"}})");
  CHECK(listener->is_gone);
}

TEST_CASE_FIXTURE(poll_stage, "poll: another close does not") {
  transport.close_now(close_code::drain, "restart");
  transport.flush();
  CHECK(listener->is_gone);
}

TEST_CASE_FIXTURE(poll_stage, "poll: one that is open when the transport is dropped is answered") {
  poll(0);
  transport.drop();
  CHECK(take() == "]}");
  CHECK_FALSE(listener->is_gone);
}

#include <doctest/doctest.h>

#include <optional>
#include <thread>

#include <fmt/format.h>

#include "tests/system/chat.hpp"
#include "tests/system/running_node.hpp"

namespace parley::tests {

namespace {

/// What a client needs to come back to its session.
struct ticket {
  std::string session;
  std::string key;

  [[nodiscard]] std::string query(std::int64_t s, std::string_view more = "") const {
    return fmt::format("?resume={}&key={}&s={}{}", session, key, s, more);
  }
};

ticket ticket_of(const json& welcome) { return {welcome["session"].text(), welcome["resumeKey"].text()}; }

/// A node on which ann writes to bob, and bob's connection comes and goes.
struct resumed_chat {
  explicit resumed_chat(std::vector<std::string> settings = {}) : node{with_rates(std::move(settings))} {
    node.introduce({"ann", "bob"});
    bob.emplace(node.connect("bob"));
    const auto welcome = bob->collect_until(of_type("synced")).front();
    CHECK(welcome["resumed"] == false);
    first = ticket_of(welcome);
    ann.emplace(node.online("ann"));
  }

  static std::vector<std::string> with_rates(std::vector<std::string> settings) {
    settings.emplace_back("limits.send_rate=0");
    return settings;
  }

  std::int64_t send(std::string_view text) { return ann->ask(send_to("bob", text))["seq"].number(); }

  /// Bob's next connection; its welcome is taken and has to say `resumed`.
  client come_back(const std::string& query, bool resumed) const {
    auto back = node.connect("bob", query);
    const auto welcome = back.next();
    CHECK(welcome["type"] == "welcome");
    CHECK(welcome["resumed"] == resumed);
    CHECK((welcome["session"] == first.session) == resumed);
    CHECK((welcome["resumeKey"] == first.key) == resumed);
    return back;
  }

  running_node node;
  std::optional<client> ann;
  std::optional<client> bob;
  ticket first;
};

std::vector<std::int64_t> counters(const std::vector<json>& frames) {
  std::vector<std::int64_t> all;
  for (const auto& frame : frames) all.push_back(frame["s"].exists() ? frame["s"].number() : 0);
  return all;
}

using numbers = std::vector<std::int64_t>;

/// The next `count` pushes, and no further one may be there. Their author may have heard of them first, so that they
/// come when the device is back already.
std::vector<json> pushes(client& device, std::size_t count) {
  auto frames = device.collect(count, [](const json& frame) { return frame["s"].exists(); });
  CHECK(device.drain().empty());
  return frames;
}

} // namespace

TEST_CASE_FIXTURE(resumed_chat, "resume: exactly the pushes that were missed come, with the counters they had") {
  send("1");
  CHECK(bob->wait_type("message")["s"] == 1);
  bob->close();
  send("2");
  send("3");
  bob.emplace(come_back(first.query(1), true));
  const auto missed = pushes(*bob, 2);
  CHECK(is_dense(missed, 2));
  CHECK((counters(missed) == numbers{2, 3}));
  send("4");
  CHECK(bob->wait_type("message")["s"] == 4);
}

TEST_CASE_FIXTURE(resumed_chat, "resume: a connection that broke off is as good as one that was closed") {
  send("1");
  bob.reset();
  send("2");
  bob.emplace(come_back(first.query(0), true));
  CHECK((counters(pushes(*bob, 2)) == numbers{1, 2}));
}

TEST_CASE_FIXTURE(resumed_chat, "resume: it may be done again and again") {
  send("1");
  bob->close();
  bob.emplace(come_back(first.query(0), true));
  CHECK(bob->wait_type("message")["s"] == 1);
  send("2");
  bob->close();
  bob.emplace(come_back(first.query(1), true));
  CHECK((counters(pushes(*bob, 1)) == numbers{2}));
  bob->close();
  bob.emplace(come_back(first.query(2), true));
  CHECK(bob->drain().empty());
}

TEST_CASE_FIXTURE(resumed_chat, "resume: a newer connection closes the older one") {
  send("1");
  auto newer = come_back(first.query(0), true);
  CHECK(bob->end().code == 4506);
  CHECK((counters(pushes(newer, 1)) == numbers{1}));
  send("2");
  CHECK(newer.wait_type("message")["s"] == 2);
}

TEST_CASE_FIXTURE(resumed_chat, "resume: who does not fit gets a new session and the normal replay") {
  send("1");
  bob->wait_type("message");
  auto wrong = first;
  std::string query;
  SUBCASE("the key is wrong") {
    wrong.key.back() = wrong.key.back() == 'a' ? 'b' : 'a';
    query = wrong.query(1);
  }
  SUBCASE("there is no such session") { query = ticket{"s-node-0", first.key}.query(1); }
  SUBCASE("the device is another") { query = first.query(1, "&device=other"); }
  SUBCASE("the counter is higher than any that was sent") { query = first.query(2); }
  SUBCASE("the counter is no number") { query = fmt::format("?resume={}&key={}&s=x", first.session, first.key); }
  bob->close();
  auto back = come_back(query, false);
  const auto frames = back.collect_until(of_type("synced"));
  REQUIRE(frames.size() == 2);
  CHECK(frames[0]["seq"] == 1);
  CHECK(frames[0]["s"] == 1);
}

TEST_CASE_FIXTURE(resumed_chat, "resume: another user does not get the session, whatever it knows") {
  auto thief = node.connect("ann", first.query(0));
  CHECK(thief.next()["resumed"] == false);
  send("1");
  CHECK(bob->wait_type("message")["s"] == 1);
}

TEST_CASE_FIXTURE(resumed_chat, "resume: more than is kept, and there is a new session") {
  bob->close();
  for (int i = 0; i < 513; ++i) ann->post(send_to("bob", "x"));
  CHECK(ann->collect(513, of_type("ack")).back()["seq"] == 513);
  auto back = come_back(first.query(0), false);
  CHECK(back.collect_until(of_type("synced")).front()["type"] == "gap");
}

TEST_CASE_FIXTURE(resumed_chat, "resume: as much as is kept, and all of it comes") {
  bob->close();
  for (int i = 0; i < 512; ++i) ann->post(send_to("bob", "x"));
  CHECK(ann->collect(512, of_type("ack")).back()["seq"] == 512);
  auto back = come_back(first.query(0), true);
  CHECK(is_dense(pushes(back, 512)));
}

TEST_CASE("resume: after its window the session is gone") {
  resumed_chat chat{{"session.resume_ms=200"}};
  chat.bob->close();
  std::this_thread::sleep_for(std::chrono::milliseconds{600});
  auto back = chat.come_back(chat.first.query(0), false);
  back.collect_until(of_type("synced"));
}

TEST_CASE_FIXTURE(resumed_chat, "resume: with the token in the first frame") {
  send("1");
  bob->close();
  auto back = node.connect_unknown(first.query(0));
  back.send(fmt::format(R"({{"type":"auth","ref":"1","token":"{}"}})", node.token("bob")));
  CHECK(back.next()["resumed"] == true);
  CHECK(back.next()["ref"] == "1");
  CHECK(back.next()["s"] == 1);
}

TEST_CASE_FIXTURE(resumed_chat, "resume: an entry whose acknowledgement was lost comes as a push") {
  const auto without_echo = [](std::string_view text) {
    return fmt::format(R"({{"type":"send","to":"ann","text":"{}","echo":false}})", text);
  };
  CHECK(bob->ask(without_echo("1"))["seq"] == 1);
  send("2");
  CHECK(bob->wait_type("message")["s"] == 1);
  CHECK(bob->ask(without_echo("3"))["seq"] == 3);
  bob->close();
  // Nothing tells whether the last acknowledgement has come; the push before it has, and the first one with it.
  auto back = come_back(first.query(1), true);
  auto frames = pushes(back, 1);
  CHECK(frames[0]["seq"] == 3);
  CHECK(frames[0]["s"] == 2);

  // Broken off before any answer.
  back.post(without_echo("4"));
  back.close();
  CHECK(ann->wait([](const json& frame) { return frame["text"] == "4"; })["seq"] == 4);
  auto again = come_back(first.query(2), true);
  frames = pushes(again, 1);
  CHECK(frames[0]["seq"] == 4);
  CHECK(frames[0]["s"] == 3);
}

TEST_CASE_FIXTURE(resumed_chat, "resume: requests work as before, each answered once") {
  bob->post(R"({"type":"conversations"})");
  bob.reset();
  auto back = come_back(first.query(0), true);
  CHECK(back.ask(R"({"type":"conversations"})")["type"] == "conversations");
  CHECK(back.drain().empty());
}

TEST_CASE("resume: connections that come and go at once, on any thread, lose nothing") {
  resumed_chat chat{{"http.io_threads=3"}};
  std::int64_t s = 0;
  for (int round = 0; round < 60; ++round) {
    for (int i = 0; i < 5; ++i) chat.ann->post(send_to("bob", "x"));
    chat.bob.emplace(chat.come_back(chat.first.query(s), true));
    if (round % 3 == 0) continue;
    for (const auto& frame : chat.bob->drain()) CHECK(frame["s"] == ++s);
  }
  chat.ann->collect(300, of_type("ack"));
  chat.bob.emplace(chat.come_back(chat.first.query(s), true));
  for (const auto& frame : pushes(*chat.bob, static_cast<std::size_t>(300 - s))) CHECK(frame["s"] == ++s);
  CHECK(s == 300);
}

TEST_CASE("resume: a node ends in time with sessions that wait, move and are taken over") {
  resumed_chat chat{{"http.io_threads=3"}};
  std::vector<client> clients;
  for (int i = 0; i < 10; ++i) {
    (void)chat.node.online("ann", fmt::format("?device=parked-{}", i));
    clients.push_back(chat.node.connect("bob", chat.first.query(0)));
  }
  chat.node.process.ask_to_end();
  CHECK((chat.node.process.wait_for_end() == process_end{.code = 0}));
}

} // namespace parley::tests

#include <doctest/doctest.h>

#include <map>
#include <random>

#include <fmt/format.h>

#include "tests/system/chat.hpp"
#include "tests/system/running_node.hpp"

namespace parley::tests {

TEST_CASE("replay: of more than two hundred entries the newest come, behind a gap") {
  const running_node node{{"limits.send_rate=0"}};
  node.introduce({"bob"});
  auto ann = node.online("ann");
  const auto conversation = ann.ask(send_to("bob", "1"))["conversation"].text();
  for (int i = 2; i <= 250; ++i) ann.post(send_to("bob", fmt::to_string(i)));
  CHECK(ann.collect(249, of_type("ack")).back()["seq"] == 250);

  auto bob = node.connect("bob");
  const auto frames = bob.collect_until(of_type("synced"));
  REQUIRE(frames.size() == 203);
  CHECK(frames[0]["type"] == "welcome");
  CHECK(frames[1]["type"] == "gap");
  CHECK(frames[1]["conversation"] == conversation);
  CHECK(frames[1]["from"] == 1);
  CHECK(frames[1]["to"] == 50);
  const auto entries = messages_in(frames);
  CHECK(entries.size() == 200);
  CHECK(is_dense(entries, 51));
  for (std::size_t i = 0; i < entries.size(); ++i) CHECK(entries[i]["s"] == i + 1);
  CHECK(frames.back()["conversations"] == 1);
  CHECK(frames.back()["unread"][conversation] == 250);
}

TEST_CASE("replay: it is complete however many conversations there are, for a device that reads") {
  const running_node node{{"limits.send_rate=0", "limits.create_rate=0"}};
  node.introduce({"bob"});
  auto ann = node.online("ann");
  constexpr int groups = 10;
  constexpr int messages = 130;
  for (int group = 0; group < groups; ++group) {
    const auto conversation = ann.ask(create_group({"bob"}))["conversation"].text();
    for (int i = 0; i < messages; ++i) ann.post(send_in(conversation, fmt::to_string(i)));
    ann.collect(messages, of_type("ack"));
  }
  auto bob = node.connect("bob");
  const auto frames = bob.collect_until(of_type("synced"));
  CHECK(frames.size() == 1 + groups * (messages + 1) + 1);
  std::map<std::string, std::int64_t> heads;
  std::int64_t s = 0;
  for (const auto& frame : frames) {
    if (!frame["seq"].exists()) continue;
    CHECK(frame["s"] == ++s);
    CHECK(frame["seq"] == ++heads[frame["conversation"].text()]);
  }
  CHECK(heads.size() == groups);
  CHECK(frames.back()["conversations"] == groups);
}

TEST_CASE("replay: nothing falls between it and live pushes") {
  const running_node node{{"limits.send_rate=0"}};
  node.introduce({"bob"});
  auto ann = node.online("ann");
  for (int round = 0; round < 10; ++round) {
    CAPTURE(round);
    // The device connects while messages are under way.
    const auto device = fmt::format("?device=d{}", round);
    for (int i = 0; i < 20; ++i) ann.post(send_to("bob", "before"));
    auto bob = node.connect("bob", device);
    for (int i = 0; i < 20; ++i) ann.post(send_to("bob", "after"));
    const auto head = ann.collect(40, of_type("ack")).back()["seq"].number();
    const auto frames = bob.collect_until([&](const json& frame) { return frame["seq"] == head; });
    const auto entries = messages_in(frames);
    CHECK(is_dense(entries, entries.front()["seq"].number()));
    for (std::size_t i = 0; i < entries.size(); ++i) CHECK(entries[i]["s"] == i + 1);
    CHECK(bob.ask(position("received", entries.front()["conversation"].text(), head))["type"] == "ack");
  }
}

TEST_CASE("replay: synced and the list of conversations count unread messages alike") {
  const running_node node{{"limits.send_rate=0", "limits.create_rate=0"}};
  node.introduce({"bob", "cy"});
  auto ann = node.online("ann");
  auto bob = node.online("bob");
  std::vector<std::string> conversations;
  for (int i = 0; i < 6; ++i) conversations.push_back(ann.ask(create_group({"bob", "cy"}))["conversation"].text());

  std::mt19937 random{7};
  std::map<std::string, std::int64_t> unread;
  for (const auto& conversation : conversations) {
    for (int i = 0; i < 12; ++i) {
      const auto is_silent = random() % 4 == 0;
      const auto by_bob = random() % 5 == 0;
      const auto request =
          fmt::format(R"({{"type":"send","conversation":"{}","text":"x","silent":{}}})", conversation, is_silent);
      const auto seq = (by_bob ? bob : ann).ask(request)["seq"].number();
      if (by_bob)
        unread[conversation] = 0;
      else if (!is_silent)
        ++unread[conversation];
      if (random() % 6 == 0) {
        CHECK(bob.ask(position("read", conversation, seq))["type"] == "ack");
        unread[conversation] = 0;
      }
    }
  }
  std::erase_if(unread, [](const auto& one) { return one.second == 0; });
  CHECK(unread.size() > 1);

  const auto synced = node.connect("bob", "?replay=none").collect_until(of_type("synced")).back();
  std::map<std::string, std::int64_t> in_synced, in_list;
  for (const auto& [conversation, count] : synced["unread"].fields()) in_synced[conversation] = count.number();
  const auto list = bob.ask(R"({"type":"conversations"})");
  for (const auto& item : list["items"].items())
    if (item["unread"].number() > 0) in_list[item["conversation"].text()] = item["unread"].number();
  CHECK((in_synced == unread));
  CHECK((in_list == unread));
}

} // namespace parley::tests

#include <doctest/doctest.h>

#include <deque>

#include <fmt/format.h>

#include "tests/system/chat.hpp"
#include "tests/system/random_device.hpp"

namespace parley::tests {

namespace {

using namespace std::chrono_literals;

const std::vector<std::string> without_limits{"limits.send_rate=0", "limits.create_rate=0", "limits.history_rate=0",
                                              "limits.frame_rate=0", "limits.replay=100000"};

/// What the log says, as a member reads it.
std::map<std::int64_t, heard_entry> log_of(client& reader, const std::string& conversation) {
  const auto items = whole_history(reader, conversation);
  CHECK(is_dense(items));
  std::set<std::string> seen;
  std::map<std::int64_t, heard_entry> log;
  for (const auto& item : items) {
    if (item["clientId"].exists()) CHECK_MESSAGE(seen.insert(item["clientId"].text()).second, "twice: ", item.dump());
    log[item["seq"].number()] = {item["from"].text(), item["text"].is_text() ? item["text"].text() : ""};
  }
  return log;
}

/// Everybody has everything, and what was acknowledged is where it was said to be.
void check_device(random_device& device, const random_world& world) {
  CAPTURE(device.name());
  for (const auto& [conversation, members] : world.conversations) {
    CAPTURE(conversation);
    const auto heard = device.heard().find(conversation);
    if (!members.contains(device.user())) {
      CHECK(heard == device.heard().end());
      continue;
    }
    REQUIRE(heard != device.heard().end());
    const auto log = log_of(device.connection(), conversation);
    CHECK((heard->second == log));
    for (const auto& [client_id, message] : device.acknowledged()) {
      if (message.conversation != conversation) continue;
      const auto entry = log.find(message.seq);
      REQUIRE(entry != log.end());
      CHECK((entry->second == heard_entry{device.user(), message.text}));
    }
  }
}

/// Read is never above delivered, and that never above the head.
void check_positions(random_device& device, const random_world& world) {
  for (const auto& [conversation, members] : world.conversations) {
    if (!members.contains(device.user())) continue;
    const auto item =
        device.connection().ask(fmt::format(R"({{"type":"conversation","conversation":"{}"}})", conversation));
    CHECK(item["read"].number() <= item["delivered"].number());
    CHECK(item["delivered"].number() <= item["head"].number());
    const auto list = device.connection().ask(fmt::format(R"({{"type":"members","conversation":"{}"}})", conversation));
    CHECK(list["items"].size() == members.size());
    for (const auto& member : list["items"].items()) {
      CHECK(member["read"].number() <= member["delivered"].number());
      CHECK(member["delivered"].number() <= item["head"].number());
    }
  }
}

void run_schedule(unsigned seed, std::chrono::milliseconds duration, int kills) {
  CAPTURE(seed);
  running_node node{without_limits};
  random_world world{node, {"ann", "bob", "cy", "dan"}, std::mt19937{seed}};
  std::deque<random_device> devices;
  for (const auto& user : world.users)
    for (const auto* device : {"phone", "tablet"}) devices.emplace_back(world, user, device);

  for (int life = 0; life <= kills; ++life) {
    const deadline until{duration / (kills + 1)};
    while (!until.is_over() && world.problems.empty()) {
      devices[world.random() % devices.size()].act();
      for (auto& device : devices) device.listen();
    }
    if (life == kills) break;
    node.process.kill();
    for (auto& device : devices) device.lose_connection();
    node.process.start();
  }
  for (auto& device : devices) device.catch_up();
  // What the last of them repeated has reached all others by now.
  for (auto& device : devices) device.catch_up();
  CHECK(world.conversations.size() > world.users.size());
  for (auto& device : devices) check_device(device, world);
  for (auto& device : devices) check_positions(device, world);
  for (const auto& problem : world.problems) FAIL_CHECK(problem);
}

} // namespace

TEST_CASE("random chat: whatever clients do, the log is dense and everybody has all of it once and in order") {
  run_schedule(1, 2'000ms, 0);
}

TEST_CASE("random chat: the same when the server is killed twice") { run_schedule(2, 2'400ms, 2); }

} // namespace parley::tests

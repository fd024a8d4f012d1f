#include <doctest/doctest.h>

#include <thread>

#include <fmt/format.h>

#include "tests/system/chat.hpp"
#include "tests/system/writer.hpp"

namespace parley::tests {

namespace {

constexpr int rounds = 5;
constexpr int acknowledged_a_round = 150;

/// Three users who are in one group, two in a 1:1 as well.
std::vector<std::string> begin(const running_node& node) {
  node.introduce({"ann", "bob", "cy"});
  auto ann = node.online("ann");
  return {ann.ask(create_group({"bob", "cy"}, "lunch"))["conversation"].text(),
          ann.ask(create_group({"cy", "bob"}, "dinner"))["conversation"].text()};
}

} // namespace

TEST_CASE("kill -9: under load nothing acknowledged is lost, and nothing is there twice") {
  running_node node{{"limits.send_rate=0", "limits.history_rate=0"}};
  const auto conversations = begin(node);
  std::vector<writer> writers;
  for (const auto* user : {"ann", "bob", "cy"}) writers.emplace_back(user, conversations);

  std::size_t repeated = 0;
  for (int round = 0; round < rounds; ++round) {
    CAPTURE(round);
    std::atomic<int> progress{0};
    std::vector<std::jthread> threads;
    for (auto& one : writers) threads.emplace_back([&] { one.write_until_end(node, progress); });
    CHECK(eventually([&] { return progress >= acknowledged_a_round; }));
    node.process.kill();
    threads.clear();
    for (const auto& one : writers) repeated += one.open();

    node.process.start();
    for (const auto& line : differences(node, writers, conversations)) FAIL_CHECK(line);
  }
  CHECK(repeated > 0);

  // Whatever was under way when the server died gets one place, be it in the log already or not.
  std::size_t acknowledged = 1;
  for (auto& one : writers) {
    one.settle(node);
    CHECK(one.open() == 0);
    acknowledged += one.acknowledged().size();
  }
  for (const auto& line : differences(node, writers, conversations)) FAIL_CHECK(line);
  auto reader = node.online("ann", "?replay=none");
  std::size_t stored = 0;
  for (const auto& conversation : conversations) stored += whole_history(reader, conversation).size();
  CHECK(stored == acknowledged + conversations.size() - 1);
}

} // namespace parley::tests

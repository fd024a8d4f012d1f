#include <doctest/doctest.h>

#include <fmt/format.h>

#include "tests/system/chat.hpp"
#include "tests/system/running_node.hpp"

namespace parley::tests {

namespace {

std::vector<std::string> crowd(int size) {
  std::vector<std::string> users;
  for (int i = 0; i < size; ++i) users.push_back(fmt::format("member{:03}", i));
  return users;
}

/// A group of ann, bob and as many others as it takes.
std::string group_of(const running_node& node, client& ann, int size) {
  auto others = crowd(size - 2);
  others.push_back("bob");
  node.introduce(others);
  const auto group = ann.ask(create_group(others));
  CHECK(group["members"] == size);
  return group["conversation"].text();
}

} // namespace

TEST_CASE("receipts: the first position is pushed at once, then at most every half second, the last one wins") {
  const running_node node{{"limits.send_rate=0"}};
  node.introduce({"bob"});
  auto ann = node.online("ann");
  const auto conversation = ann.ask(send_to("bob", "1"))["conversation"].text();
  for (int i = 2; i <= 100; ++i) ann.post(send_to("bob", fmt::to_string(i)));
  CHECK(ann.collect(99, of_type("ack")).back()["seq"] == 100);
  auto bob = node.online("bob");
  const auto began = std::chrono::steady_clock::now();
  for (int i = 1; i <= 100; ++i) bob.send(position("received", conversation, i));

  const auto heard =
      ann.collect_until([](const json& frame) { return frame["type"] == "receipt" && frame["seq"] == 100; });
  const auto seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  std::vector<json> receipts;
  for (const auto& frame : heard)
    if (frame["type"] == "receipt") receipts.push_back(frame);
  CHECK(receipts.size() >= 2);
  CHECK(static_cast<double>(receipts.size()) <= 2 + seconds / 0.5);
  std::int64_t last = 0;
  for (const auto& receipt : receipts) {
    CHECK(receipt["status"] == "delivered");
    CHECK(receipt["seq"].number() > last);
    last = receipt["seq"].number();
  }
}

TEST_CASE("receipts: a group of a hundred has them, above that only members show positions") {
  const running_node node{{"limits.register_rate=0"}};
  auto ann = node.online("ann");
  auto bob = node.online("bob");
  const auto hundred = group_of(node, ann, 100);
  const auto more = group_of(node, ann, 101);
  for (const auto& group : {hundred, more}) {
    CHECK(ann.ask(send_in(group, "hi"))["seq"] == 2);
    CHECK(bob.ask(position("read", group, 2))["type"] == "ack");
  }
  const auto receipt = ann.wait_type("receipt");
  CHECK(receipt["conversation"] == hundred);
  CHECK(receipt["user"] == "bob");
  for (const auto& group : {hundred, more}) {
    const auto members =
        ann.ask(fmt::format(R"({{"type":"members","conversation":"{}","after":"ann","limit":1}})", group));
    CHECK(members["items"][0]["user"] == "bob");
    CHECK(members["items"][0]["read"] == 2);
    CHECK(members["items"][0]["delivered"] == 2);
  }
  for (const auto& frame : ann.drain()) CHECK(frame["type"] != "receipt");
}

TEST_CASE("positions: kill -9 sets them back by a second at most") {
  running_node node;
  node.introduce({"bob"});
  auto ann = node.online("ann");
  const auto conversation = ann.ask(send_to("bob", "1"))["conversation"].text();
  CHECK(ann.ask(send_to("bob", "2"))["seq"] == 2);
  auto bob = node.online("bob");
  CHECK(bob.ask(position("read", conversation, 1))["type"] == "ack");
  std::this_thread::sleep_for(std::chrono::milliseconds{1'200});
  CHECK(bob.ask(position("read", conversation, 2))["type"] == "ack");
  node.process.kill();
  node.process.start();

  auto again = node.online("bob");
  const auto item = again.ask(fmt::format(R"({{"type":"conversation","conversation":"{}"}})", conversation));
  CHECK(item["read"].number() >= 1);
  // The repetition after `welcome` mends it.
  CHECK(again.ask(position("read", conversation, 2))["type"] == "ack");
  CHECK(again.ask(fmt::format(R"({{"type":"conversation","conversation":"{}"}})", conversation))["read"] == 2);
}

} // namespace parley::tests

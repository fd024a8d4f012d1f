#include <doctest/doctest.h>

#include <algorithm>

#include <fmt/format.h>

#include "tests/system/chat.hpp"
#include "tests/system/running_node.hpp"

namespace parley::tests {

TEST_CASE("connections: a user has twenty, and the newest beyond is closed with 4504") {
  const running_node node;
  std::vector<client> devices;
  for (int i = 0; i < 20; ++i) devices.push_back(node.online("ann", fmt::format("?device=d{}", i)));
  auto surplus = node.connect("ann", "?device=d20");
  CHECK(surplus.end().code == 4504);
  CHECK(node.connect("bob").next()["type"] == "welcome");

  // All the others are served, and one that leaves makes room.
  CHECK(devices.front().ask(send_to("bob", "hi"))["type"] == "ack");
  for (auto& device : devices) CHECK(device.wait_type("message")["text"] == "hi");
  devices.pop_back();
  CHECK(eventually([&] { return node.connect("ann", "?device=d20").next_or_end()["type"] == "welcome"; }));
}

TEST_CASE("connections: a device beyond the limit takes the place of the longest unused") {
  const running_node node{{"limits.devices=2"}};
  node.introduce({"ann"});
  auto bob = node.online("bob");
  const auto conversation = bob.ask(send_to("ann", "1"))["conversation"].text();
  (void)node.online("ann", "?device=one");
  for (const auto* device : {"?device=two", "?device=three"})
    CHECK(node.online("ann", device).ask(position("received", conversation, 1))["type"] == "ack");
  CHECK(bob.ask(send_to("ann", "2"))["seq"] == 2);
  // The first one had acknowledged nothing; now it is a new device that starts where its user is.
  const auto replayed = messages_in(node.connect("ann", "?device=one").collect_until(of_type("synced")));
  CHECK(replayed.size() == 1);
  CHECK(is_dense(replayed, 2));
}

TEST_CASE("connections: from one address there are as many as the setting says") {
  const running_node node{{"limits.connections_per_address=2"}};
  const auto ann = node.online("ann");
  auto bob = node.online("bob");
  CHECK_THROWS_AS((void)node.connect("cy"), upgrade_refused);
  bob.close();
  CHECK(eventually([&] {
    try {
      return node.connect("cy").next()["type"] == "welcome";
    } catch (const upgrade_refused& refused) {
      CHECK(refused.status == 503);
      CHECK(refused.body["code"] == "overloaded");
      return false;
    }
  }));
}

TEST_CASE("connections: the same device may be connected twice, and both are pushed everything") {
  const running_node node;
  node.introduce({"bob"});
  auto one = node.online("ann", "?device=phone");
  auto other = node.online("ann", "?device=phone");
  CHECK(one.ask(send_to("bob", "hi"))["type"] == "ack");
  CHECK(one.wait_type("message")["s"] == 1);
  CHECK(other.wait_type("message")["s"] == 1);
}

} // namespace parley::tests

#include <doctest/doctest.h>

#include <fmt/format.h>

#include "tests/system/chat.hpp"
#include "tests/system/running_node.hpp"

namespace parley::tests {

namespace {

using namespace std::chrono_literals;

const std::string long_text(16'000, 'x');
/// More than sockets and queues hold together.
constexpr std::int64_t flood = 700;

/// A device that can hold little and reads only when it is told to.
client slow_device(const running_node& node, const std::string& user, const std::string& query = "") {
  client connected{
      node.url(),
      {.query = query, .headers = {{"Authorization", "Bearer " + node.token(user)}}, .receive_buffer = 4'096}};
  connected.collect_until(of_type("synced"));
  return connected;
}

/// Writes `count` long messages in `conversation` and waits until all are acknowledged.
void write(client& author, const std::string& conversation, std::int64_t count) {
  std::int64_t under_way = 0;
  const auto request =
      fmt::format(R"({{"type":"send","echo":false,"conversation":"{}","text":"{}"}})", conversation, long_text);
  for (std::int64_t i = 0; i < count; ++i) {
    author.post(request);
    if (++under_way < 16) continue;
    CHECK(author.wait_type("ack").exists());
    --under_way;
  }
  for (; under_way > 0; --under_way) CHECK(author.wait_type("ack").exists());
}

/// What history has behind `seq`, page by page, the way a lagging client catches up.
std::vector<json> catch_up(client& reader, const std::string& conversation, std::int64_t seq) {
  std::vector<json> found;
  for (;;) {
    const auto page = reader.ask(history_after(conversation, seq, 100));
    for (const auto& item : page["items"].items()) found.push_back(item);
    if (page["more"] != true) return found;
    seq = found.back()["seq"].number();
  }
}

} // namespace

TEST_CASE("slow reader: it lags, history ends that at its head, and in the end it has everything") {
  const running_node node{
      {"limits.send_rate=0", "limits.history_rate=0", "limits.outbox_frames=64", "limits.lag_timeout_ms=60000"}};
  node.introduce({"bob", "cy"});
  auto ann = node.online("ann");
  const auto conversation = ann.ask(send_to("bob", "1"))["conversation"].text();
  const auto aside = ann.ask(send_to("cy", "1"))["conversation"].text();
  auto bob = slow_device(node, "bob");
  auto cy = node.online("cy");
  write(ann, conversation, flood);
  const auto head = flood + 1;

  // Whoever reads is served as ever.
  CHECK(ann.ask(send_in(aside, "2"))["type"] == "ack");
  CHECK(cy.wait_type("message")["seq"] == 2);

  auto before = bob.collect_until(of_type("lag"));
  const auto lag = before.back();
  before.pop_back();
  CHECK(lag["conversations"].size() == 1);
  CHECK(lag["conversations"][0] == conversation);
  CHECK_FALSE(lag["s"].exists());
  CHECK(before.size() < static_cast<std::size_t>(flood));
  CHECK(is_dense(before, 2));
  for (std::size_t i = 0; i < before.size(); ++i) CHECK(before[i]["s"] == i + 2);

  // No more entry pushes of this conversation, but of others.
  CHECK(ann.ask(send_in(conversation, "not pushed"))["seq"] == head + 1);
  CHECK(cy.ask(send_to("bob", "from cy"))["type"] == "ack");
  CHECK(bob.next()["text"] == "from cy");
  CHECK(messages_in(bob.drain()).empty());

  const auto missed = catch_up(bob, conversation, before.back()["seq"].number());
  CHECK(is_dense(missed, before.back()["seq"].number() + 1));
  CHECK(missed.back()["seq"] == head + 1);
  CHECK(ann.ask(send_in(conversation, "live again"))["seq"] == head + 2);
  const auto live = bob.next();
  CHECK(live["seq"] == head + 2);
  CHECK(live["text"] == "live again");
  CHECK(live["s"] == before.size() + 3);
}

TEST_CASE("slow reader: a page that does not reach the head does not end the lag") {
  const running_node node{
      {"limits.send_rate=0", "limits.history_rate=0", "limits.outbox_bytes=100000", "limits.lag_timeout_ms=60000"}};
  node.introduce({"bob"});
  auto ann = node.online("ann");
  const auto conversation = ann.ask(send_to("bob", "1"))["conversation"].text();
  auto bob = slow_device(node, "bob");
  write(ann, conversation, flood);
  const auto pushed = messages_in(bob.collect_until(of_type("lag")));
  CHECK(is_dense(pushed, 2));

  CHECK(bob.ask(history_after(conversation, 1, 1))["more"] == true);
  CHECK(ann.ask(send_in(conversation, "not pushed"))["type"] == "ack");
  CHECK(messages_in(bob.drain()).empty());
  // The newest page alone reaches the head, but leaves more before it: `more` speaks of the other direction.
  const auto missed = catch_up(bob, conversation, pushed.back()["seq"].number());
  CHECK(missed.back()["seq"] == flood + 2);
  CHECK(ann.ask(send_in(conversation, "pushed"))["type"] == "ack");
  CHECK(bob.next()["seq"] == flood + 3);
}

TEST_CASE("slow reader: one that never reads is closed with 4008") {
  const running_node node{
      {"limits.send_rate=0", "limits.outbox_frames=64", "limits.lag_timeout_ms=500", "limits.replay=50"}};
  node.introduce({"bob"});
  auto ann = node.online("ann");
  const auto conversation = ann.ask(send_to("bob", "1"))["conversation"].text();
  auto bob = slow_device(node, "bob");
  write(ann, conversation, flood);
  // Nothing can be seen from outside while it does not read; it has to let the time pass.
  std::this_thread::sleep_for(2s);
  CHECK(bob.end().code == 4008);
  CHECK(ann.ask(R"({"type":"ping"})")["type"] == "pong");

  // The device comes back and is replayed what it did not acknowledge.
  auto again = node.connect("bob");
  const auto replayed = again.collect_until(of_type("synced"));
  CHECK(replayed[1]["type"] == "gap");
  CHECK(replayed[1]["to"] == flood + 1 - 50);
  CHECK(messages_in(replayed).size() == 50);
}

TEST_CASE("slow reader: one that lags and has taken what was put stays connected") {
  const running_node node{{"limits.send_rate=0", "limits.outbox_frames=64", "limits.lag_timeout_ms=5000"}};
  node.introduce({"bob"});
  auto ann = node.online("ann");
  const auto conversation = ann.ask(send_to("bob", "1"))["conversation"].text();
  auto bob = slow_device(node, "bob");
  write(ann, conversation, flood);
  bob.collect_until(of_type("lag"));
  CHECK(bob.drain().empty());
  // Nothing happens, and that is what is to be seen: it is still behind when the time for readers has passed.
  std::this_thread::sleep_for(5'500ms);
  CHECK(bob.drain().empty());
  CHECK_FALSE(bob.has_ended());
}

} // namespace parley::tests

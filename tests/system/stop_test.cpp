#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "tests/system/chat.hpp"
#include "tests/system/running_node.hpp"

namespace parley::tests {

namespace {

using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;

/// Ends within seconds, whatever its clients do.
constexpr auto in_seconds = 15s;

} // namespace

TEST_CASE("stop: SIGTERM says bye with a different pause to every client, closes with 4001 and exits with 0") {
  running_node node;
  std::vector<client> clients;
  for (int i = 0; i < 8; ++i) clients.push_back(node.online(fmt::format("user{}", i)));
  auto nobody = node.connect_unknown();
  auto http = node.http();
  CHECK(http.get("/healthz").status == 200);

  const auto began = steady::now();
  node.process.ask_to_end();
  std::set<std::int64_t> pauses;
  for (auto& connected : clients) {
    const auto bye = connected.next();
    CHECK(bye["type"] == "bye");
    CHECK(bye["reason"] == "drain");
    CHECK(bye["afterMs"].number() >= 0);
    CHECK_FALSE(bye["s"].exists());
    pauses.insert(bye["afterMs"].number());
    CHECK(connected.end().code == 4001);
  }
  CHECK(pauses.size() > 4);
  CHECK(nobody.end().code == 4001);
  CHECK(node.process.wait_for_end() == process_end{});
  CHECK(steady::now() - began < in_seconds);
}

TEST_CASE("stop: SIGINT ends it too, and with no client at once") {
  running_node node;
  const auto began = steady::now();
  node.process.ask_to_end(SIGINT);
  CHECK(node.process.wait_for_end() == process_end{});
  CHECK(steady::now() - began < in_seconds);
}

TEST_CASE("stop: clients that do not answer the close do not keep it from ending") {
  running_node node;
  auto deaf = node.online("ann");
  tcp_stream half_open{node.url()};
  half_open.write("GET /connect HT");
  const auto began = steady::now();
  CHECK(node.process.stop() == process_end{});
  CHECK(steady::now() - began < in_seconds);
  CHECK(deaf.next()["type"] == "bye");
}

TEST_CASE("stop: what was acknowledged while it ended is there afterwards, in order and once") {
  running_node node{{"limits.send_rate=0", "limits.history_rate=0"}};
  node.introduce({"bob"});
  auto ann = node.online("ann");
  const auto conversation = ann.ask(send_to("bob", "0"))["conversation"].text();
  std::vector<std::string> client_ids;
  for (int i = 1; i <= 400; ++i) {
    client_ids.push_back(new_client_id());
    ann.post(send_to("bob", fmt::to_string(i), client_ids.back()));
    if (i == 200) node.process.ask_to_end();
  }
  (void)ann.end();
  std::vector<json> acknowledged;
  for (const auto& frame : ann.poll())
    if (frame["type"] == "ack" && frame["seq"] != 1) acknowledged.push_back(frame);
  CHECK(node.process.wait_for_end() == process_end{});

  node.process.start();
  auto reader = node.online("ann");
  const auto log = whole_history(reader, conversation);
  CHECK(is_dense(log));
  for (const auto& ack : acknowledged) {
    const auto& entry = log.at(static_cast<std::size_t>(ack["seq"].number() - 1));
    CHECK(entry["clientId"] == ack["clientId"]);
    CHECK(entry["text"] == fmt::to_string(entry["seq"].number() - 1));
  }
  std::set<std::string> stored;
  for (const auto& entry : log)
    if (entry["clientId"].exists()) CHECK(stored.insert(entry["clientId"].text()).second);
}

} // namespace parley::tests

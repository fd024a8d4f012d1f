#include <doctest/doctest.h>

#include <fmt/format.h>

#include "tests/system/chat.hpp"
#include "tests/system/running_node.hpp"

namespace parley::tests {

namespace {

/// Everything is full: no file takes another byte behind its first page.
constexpr std::uint64_t full = 1;

} // namespace

TEST_CASE("full disk: sends answer unavailable until there is room again, and nothing acknowledged is lost") {
  running_node node{{"limits.send_rate=0", "limits.history_rate=0"}};
  node.introduce({"bob"});
  auto ann = node.online("ann");
  auto bob = node.online("bob");
  const auto conversation = ann.ask(send_to("bob", "1", new_client_id()))["conversation"].text();
  CHECK(bob.wait_type("message")["seq"] == 1);
  CHECK(node.http().get("/readyz").status == 200);

  node.process.limit_file_size(full);
  std::vector<std::string> refused;
  for (int i = 2; i <= 6; ++i) {
    refused.push_back(send_to("bob", fmt::to_string(i), new_client_id()));
    const auto answer = ann.ask(refused.back());
    CHECK(answer["type"] == "error");
    CHECK(answer["code"] == "unavailable");
    CHECK(answer["retry"] == "same");
  }
  // Several at once share one commit and its failure.
  std::vector<std::string> refs;
  for (int i = 7; i <= 26; ++i) {
    refused.push_back(send_to("bob", fmt::to_string(i), new_client_id()));
    refs.push_back(ann.post(refused.back()));
  }
  for (const auto& ref : refs) CHECK(ann.wait_reply(ref)["code"] == "unavailable");
  CHECK(ann.ask(create_group({"bob"}))["code"] == "unavailable");

  // Sockets stay, what is there can be read, and nobody was told of what is not.
  CHECK(ann.ask(R"({"type":"ping"})")["type"] == "pong");
  CHECK(whole_history(ann, conversation).size() == 1);
  CHECK(messages_in(bob.drain()).empty());
  CHECK(node.http().get("/healthz").status == 200);
  CHECK(node.http().get("/readyz").status == 503);
  const auto registered = node.http().post("/v1/register", R"({"user":"dan","password":"12345678"})");
  CHECK(registered.status == 503);
  CHECK(registered.json()["code"] == "unavailable");

  SUBCASE("room comes back") { node.process.limit_file_size(std::nullopt); }
  SUBCASE("the server is killed, and there is room when it starts again") {
    node.process.kill();
    node.process.start();
    ann = node.online("ann");
    bob = node.online("bob");
  }
  std::int64_t seq = 1;
  for (const auto& request : refused) {
    const auto ack = ann.ask(request);
    CHECK(ack["type"] == "ack");
    CHECK(ack["seq"] == ++seq);
    CHECK(ack["duplicate"] == false);
    CHECK(bob.wait_type("message")["seq"] == seq);
  }
  const auto log = whole_history(ann, conversation);
  CHECK(is_dense(log));
  CHECK(log.size() == refused.size() + 1);
  for (const auto& entry : log) CHECK(entry["text"] == fmt::to_string(entry["seq"].number()));
  CHECK(node.http().get("/readyz").status == 200);
}

} // namespace parley::tests

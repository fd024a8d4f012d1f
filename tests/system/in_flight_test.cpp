#include <doctest/doctest.h>

#include <algorithm>

#include <fmt/format.h>

#include "tests/system/chat.hpp"
#include "tests/system/running_node.hpp"

namespace parley::tests {

namespace {

constexpr int many = 200;

} // namespace

TEST_CASE("in flight: two hundred sends at once are all answered, and their order is that of sending") {
  const running_node node{{"limits.send_rate=0"}};
  node.introduce({"bob"});
  auto ann = node.online("ann");
  auto bob = node.online("bob");
  std::vector<std::string> refs;
  for (int i = 1; i <= many; ++i) refs.push_back(ann.post(send_to("bob", fmt::to_string(i))));

  const auto acks = ann.collect(many, of_type("ack"));
  for (std::size_t i = 0; i < acks.size(); ++i) CHECK(acks[i]["ref"] == refs[i]);
  CHECK(is_dense(acks));
  for (auto* reader : {&ann, &bob}) {
    const auto pushes = reader->collect(many, of_type("message"));
    CHECK(is_dense(pushes));
    for (std::size_t i = 0; i < pushes.size(); ++i) {
      CHECK(pushes[i]["text"] == fmt::to_string(i + 1));
      CHECK(pushes[i]["s"] == i + 1);
    }
    CHECK(reader->drain().empty());
  }
}

TEST_CASE("in flight: beyond the window the server does not read, so a window of one answers in order") {
  const running_node node{{"limits.send_rate=0", "limits.history_rate=0", "limits.in_flight=1"}};
  node.introduce({"bob"});
  auto ann = node.connect("ann");
  CHECK(ann.next()["limits"]["inFlight"] == 1);
  const auto conversation = ann.ask(send_to("bob", "first"))["conversation"].text();
  std::vector<std::string> refs;
  for (int i = 0; i < many; ++i) {
    switch (i % 5) {
    case 0: refs.push_back(ann.post(send_in(conversation, fmt::to_string(i)))); break;
    case 1: refs.push_back(ann.post(history_after(conversation, 0, 1))); break;
    case 2: refs.push_back(ann.post(R"({"type":"conversations"})")); break;
    case 3: refs.push_back(ann.post(position("read", conversation, 1))); break;
    default: refs.push_back(ann.post(send_to("nobody", "lost"))); break;
    }
  }
  const auto replies = ann.collect(many, [](const json& frame) { return frame["ref"].exists(); });
  for (std::size_t i = 0; i < replies.size(); ++i) CHECK(replies[i]["ref"] == refs[i]);
}

TEST_CASE("rate: a refused send is accepted after retryAfterMs, and takes its place then") {
  const running_node node{{"limits.send_rate=4", "limits.send_burst=1"}};
  node.introduce({"bob"});
  auto ann = node.online("ann");
  CHECK(ann.ask(send_to("bob", "first"))["seq"] == 1);
  const auto request = send_to("bob", "second", new_client_id());
  const auto refused = ann.ask(request);
  REQUIRE(refused["code"] == "rate_limited");
  CHECK(refused["retry"] == "later");
  CHECK(refused["retryAfterMs"].number() > 0);
  CHECK(refused["retryAfterMs"].number() <= 250);
  std::this_thread::sleep_for(std::chrono::milliseconds{refused["retryAfterMs"].number()});
  const auto ack = ann.ask(request);
  CHECK(ack["seq"] == 2);
  CHECK(ack["duplicate"] == false);
}

TEST_CASE("rate: twenty sends at once and ten a second is what a user has by default") {
  const running_node node;
  node.introduce({"bob"});
  auto ann = node.online("ann");
  const auto began = std::chrono::steady_clock::now();
  for (int i = 0; i < 60; ++i) ann.post(send_to("bob", "quick"));
  const auto answers = ann.collect(60, [](const json& frame) { return frame["ref"].exists(); });
  const auto seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  const auto accepted = std::count_if(answers.begin(), answers.end(), of_type("ack"));
  CHECK(accepted >= 20);
  CHECK(static_cast<double>(accepted) <= 20 + 10 * seconds + 1);
  for (const auto& answer : answers)
    if (answer["type"] != "ack") CHECK(answer["code"] == "rate_limited");
  // Those accepted have no holes between them.
  CHECK(is_dense(whole_history(ann, ann.wait_type("message")["conversation"].text())));
}

TEST_CASE("rate: created groups, histories and log-ins have theirs") {
  const running_node node{{"limits.create_rate=0.01", "limits.create_burst=2", "limits.history_rate=0.01",
                           "limits.history_burst=2", "limits.login_rate=0.01", "limits.login_burst=1"}};
  auto ann = node.online("ann");
  const auto group = ann.ask(create_group({}))["conversation"].text();
  CHECK(ann.ask(create_group({}))["type"] == "conversation");
  CHECK(ann.ask(create_group({}))["code"] == "rate_limited");
  CHECK(ann.ask(history_after(group, 0))["type"] == "history");
  CHECK(ann.ask(history_after(group, 0))["type"] == "history");
  const auto refused = ann.ask(history_after(group, 0));
  CHECK(refused["code"] == "rate_limited");
  CHECK(refused["retry"] == "later");
  CHECK(refused["retryAfterMs"].number() > 0);

  auto http = node.http();
  CHECK(http.post("/v1/login", R"({"user":"ann","password":"12345678"})").status == 401);
  const auto answer = http.post("/v1/login", R"({"user":"ann","password":"12345678"})");
  CHECK(answer.status == 429);
  CHECK(answer.json()["code"] == "rate_limited");
  CHECK(answer.json()["retryAfterMs"].number() > 0);
  CHECK(std::stoi(answer.header("retry-after")) > 0);
}

TEST_CASE("rate: who sends frames of any kind too fast is read no faster, and answered all the same") {
  const running_node node{{"limits.frame_rate=20", "limits.frame_burst=10"}};
  auto ann = node.online("ann");
  const auto began = std::chrono::steady_clock::now();
  for (int i = 0; i < 30; ++i) ann.send(R"({"type":"ping"})");
  CHECK(ann.collect(30, of_type("pong")).size() == 30);
  CHECK(std::chrono::steady_clock::now() - began > std::chrono::milliseconds{800});
}

} // namespace parley::tests

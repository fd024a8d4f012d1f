#include <doctest/doctest.h>

#include <fmt/format.h>

#include "tests/system/chat.hpp"
#include "tests/system/rest_caller.hpp"

namespace parley::tests {

TEST_CASE("rest: a message without a socket arrives, once, however often it is posted") {
  const running_node node;
  auto bob = node.online("bob");
  rest_caller ann{node, node.token("ann")};
  const auto body = fmt::format(R"({{"to":"bob","text":"hi","clientId":"{}"}})", new_client_id());
  const auto sent = ann.post("/v1/messages", body);
  CHECK(sent.status == 200);
  CHECK(sent.json()["type"] == "ack");
  CHECK(sent.json()["duplicate"] == false);
  CHECK(bob.wait_type("message")["text"] == "hi");

  const auto again = ann.post("/v1/messages", body).json();
  CHECK(again["duplicate"] == true);
  CHECK(again["seq"] == sent.json()["seq"]);
  CHECK(messages_in(bob.drain()).empty());
}

TEST_CASE("rest: conversations and their messages are read as by frames") {
  const running_node node;
  auto bob = node.online("bob");
  rest_caller ann{node, node.token("ann")};
  const auto conversation = ann.post("/v1/messages", R"({"to":"bob","text":"one"})").json()["conversation"].text();
  const auto path = "/v1/conversations/" + conversation;
  CHECK(ann.post(path + "/messages", R"({"text":"two"})").json()["seq"] == 2);

  const auto list = ann.get("/v1/conversations").json();
  CHECK(list["type"] == "conversations");
  CHECK(list["items"][0]["last"]["text"] == "two");
  const auto item = ann.get(path).json();
  CHECK(item["type"] == "conversation");
  CHECK(item["peer"] == "bob");
  const auto page = ann.get(path + "/messages?after=1&limit=10").json();
  CHECK(page["type"] == "history");
  CHECK(page["items"].size() == 1);
  CHECK(page["items"][0]["text"] == "two");
  auto by_frame = bob.ask(history_after(conversation, 1, 10));
  CHECK(page["items"] == by_frame["items"]);
}

TEST_CASE("rest: what the frame would refuse has the same error, with its status") {
  const running_node node;
  rest_caller ann{node, node.token("ann")};
  const auto self = ann.post("/v1/messages", R"({"to":"ann","text":"hi"})");
  CHECK(self.status == 400);
  CHECK(self.json()["code"] == "invalid_argument");
  CHECK(ann.post("/v1/messages", R"({"to":"nobody","text":"hi"})").status == 404);
  const std::string unknown = "/v1/conversations/00112233-4455-8677-8899-aabbccddeeff";
  CHECK(ann.get(unknown).status == 404);
  CHECK(ann.get(unknown + "/messages").status == 404);
  CHECK(ann.post(unknown + "/messages", R"({"text":"hi"})").json()["code"] == "not_found");
  CHECK(ann.get("/v1/conversations?limit=1000").json()["field"] == "limit");
}

} // namespace parley::tests

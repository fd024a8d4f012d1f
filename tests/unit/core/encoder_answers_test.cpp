#include <doctest/doctest.h>

#include <parley/encoder.hpp>

#include "tests/unit/core/sample.hpp"

namespace parley::tests {

namespace {

const auto lunch = conversation_number(1);

conversation_item direct_item() {
  return {.record = {.id = lunch, .kind = conversation_kind::direct, .created_at = moment(0)},
          .self = {.user = ann, .role = role::member, .joined = 1, .delivered = 4, .read = 3, .shown = 2},
          .members = 2,
          .peer = bob,
          .head = 5,
          .unread = 1,
          .last = std::nullopt};
}

conversation_item group_item() {
  auto last = message(lunch, 5, ann, moment(9));
  last.client = client_number(1);
  return {.record = {.id = lunch,
                     .kind = conversation_kind::group,
                     .title = "Lunch \"at\" noon",
                     .history = history_policy::joined,
                     .mode = delivery_mode::pull,
                     .data = R"({"color":"red"})",
                     .created_at = moment(0)},
          .self = {.user = ann, .role = role::owner, .joined = 1, .muted_until = moment(60'000)},
          .members = 3,
          .peer = std::nullopt,
          .head = 5,
          .unread = 0,
          .last = last};
}

} // namespace

TEST_CASE("encoder: a direct conversation names the peer") {
  CHECK(encode_conversation("7", direct_item(), ann) ==
        R"({"type":"conversation","ref":"7","conversation":"00000000-0000-0000-0000-000000000001","kind":"direct",)"
        R"("title":"","members":2,"peer":"bob","role":"member","head":5,"read":3,"delivered":4,"unread":1,)"
        R"("mode":"push","createdAt":1790000000000})");
}

TEST_CASE("encoder: a group shows its settings and its newest entry") {
  CHECK(encode_conversation("", group_item(), bob) ==
        R"({"type":"conversation","conversation":"00000000-0000-0000-0000-000000000001","kind":"group",)"
        R"("title":"Lunch \"at\" noon","members":3,"role":"owner","head":5,"read":0,"delivered":0,"unread":0,)"
        R"("mutedUntil":1790000060000,)"
        R"("last":{"type":"message","conversation":"00000000-0000-0000-0000-000000000001","seq":5,)"
        R"("id":"00000000-0000-0000-0000-000000000001:5","from":"ann","text":"hi","ts":1790000000009},)"
        R"("mode":"pull","history":"joined","data":{"color":"red"},"createdAt":1790000000000})");
}

TEST_CASE("encoder: a client id in an answer is for its author") {
  const auto of_author = encode_conversation("", group_item(), ann);
  CHECK(of_author.find(R"("clientId":"01000000-0000-0000-0000-000000000000")") != std::string::npos);
  const entry items[]{*group_item().last};
  CHECK(encode_history("", lunch, items, 5, false, ann).find("clientId") != std::string::npos);
  CHECK(encode_history("", lunch, items, 5, false, bob).find("clientId") == std::string::npos);
}

TEST_CASE("encoder: a list of conversations ends with the place of the next page") {
  CHECK(encode_conversations("7", {}, "", ann) == R"({"type":"conversations","ref":"7","items":[]})");
  const conversation_item items[]{direct_item(), direct_item()};
  CHECK(encode_conversations("", items, "n.1", ann) ==
        R"({"type":"conversations","items":[)"
        R"({"conversation":"00000000-0000-0000-0000-000000000001","kind":"direct",)"
        R"("title":"","members":2,"peer":"bob","role":"member","head":5,"read":3,"delivered":4,"unread":1,)"
        R"("mode":"push","createdAt":1790000000000},)"
        R"({"conversation":"00000000-0000-0000-0000-000000000001","kind":"direct",)"
        R"("title":"","members":2,"peer":"bob","role":"member","head":5,"read":3,"delivered":4,"unread":1,)"
        R"("mode":"push","createdAt":1790000000000}],"next":"n.1"})");
}

TEST_CASE("encoder: members show the read position that is for others") {
  const member items[]{{.user = ann, .role = role::owner, .joined = 1, .delivered = 4, .read = 3, .shown = 2}};
  CHECK(encode_members("7", items, "ann") ==
        R"({"type":"members","ref":"7","items":[{"user":"ann","role":"owner","delivered":4,"read":2}],"next":"ann"})");
  CHECK(encode_members("", {}, "") == R"({"type":"members","items":[]})");
}

TEST_CASE("encoder: history holds whole entries, its head and whether there is more") {
  CHECK(encode_history("", lunch, {}, 0, false, ann) ==
        R"({"type":"history","conversation":"00000000-0000-0000-0000-000000000001","items":[],"head":0,"more":false})");
  const entry items[]{message(lunch, 4, bob), message(lunch, 5, bob)};
  CHECK(encode_history("7", lunch, items, 9, true, ann) ==
        R"({"type":"history","ref":"7","conversation":"00000000-0000-0000-0000-000000000001","items":[)"
        R"({"type":"message","conversation":"00000000-0000-0000-0000-000000000001","seq":4,)"
        R"("id":"00000000-0000-0000-0000-000000000001:4","from":"bob","text":"hi","ts":1790000000000},)"
        R"({"type":"message","conversation":"00000000-0000-0000-0000-000000000001","seq":5,)"
        R"("id":"00000000-0000-0000-0000-000000000001:5","from":"bob","text":"hi","ts":1790000000000}],)"
        R"("head":9,"more":true})");
}

} // namespace parley::tests

#include <doctest/doctest.h>

#include <parley/entry_view.hpp>

#include "tests/unit/core/sample.hpp"

namespace parley::tests {

namespace {

const auto lunch = conversation_number(1);

entry change(seq_no seq, entry_kind kind, const user_id& author, std::string body, seq_no target = 1) {
  return {.conversation = lunch,
          .seq = seq,
          .kind = kind,
          .author = author,
          .target = target,
          .body = std::move(body),
          .at = from_millis(1'000 + static_cast<std::int64_t>(seq))};
}

entry hello() {
  auto item = message(lunch, 1, ann);
  item.body = R"({"text":"helo","data":{"a":1},"replyTo":7})";
  return item;
}

std::string body_after(const std::vector<entry>& changes) { return with_changes({hello()}, changes).front().body; }

} // namespace

TEST_CASE("view: a message without changes is as it was written") { CHECK(body_after({}) == hello().body); }

TEST_CASE("view: the latest text and the latest data count, each by itself") {
  CHECK(body_after({change(2, entry_kind::edited, ann, R"({"text":"hello"})"),
                    change(3, entry_kind::edited, ann, R"({"data":{"a":2}})")}) ==
        R"({"text":"hello","data":{"a":2},"replyTo":7,"editedAt":1003})");
}

TEST_CASE("view: of a deleted message nothing is left") {
  CHECK(body_after({change(2, entry_kind::edited, ann, "{}"),
                    change(3, entry_kind::reaction, bob, R"({"key":"+","on":true})"),
                    change(4, entry_kind::deleted, ann, "{}")}) == R"({"deleted":true})");
}

TEST_CASE("view: reactions are those that are on, in the order of the log") {
  const auto body = body_after({change(2, entry_kind::reaction, bob, R"({"key":"+","on":true})"),
                                change(3, entry_kind::reaction, ann, R"({"key":"+","on":true})"),
                                change(4, entry_kind::reaction, bob, R"({"key":"-","on":true})"),
                                change(5, entry_kind::reaction, bob, R"({"key":"-","on":false})"),
                                change(6, entry_kind::reaction, bob, R"({"key":"+","on":false})"),
                                change(7, entry_kind::reaction, bob, R"({"key":"+","on":true})")});
  CHECK(body == R"({"text":"helo","data":{"a":1},"replyTo":7,"reactions":{"+":["ann","bob"]}})");
}

TEST_CASE("view: changes of other messages are ignored") {
  CHECK(body_after({change(2, entry_kind::deleted, ann, "{}", 9)}) == hello().body);
}

TEST_CASE("facts: what a request has to know of its target") {
  const std::vector changes{change(2, entry_kind::reaction, bob, R"({"key":"+","on":true})"),
                            change(3, entry_kind::reaction, cy, R"({"key":"+","on":true})"),
                            change(4, entry_kind::reaction, bob, R"({"key":"+","on":false})"),
                            change(5, entry_kind::deleted, ann, "{}"), change(6, entry_kind::deleted, ann, "{}", 9)};
  const auto facts = facts_of(hello(), changes, bob, "+");
  CHECK(facts.kind == entry_kind::message);
  CHECK(facts.author == ann);
  CHECK(facts.deleted_by == 5);
  CHECK_FALSE(facts.reacts);
  CHECK(facts.reacted_by == 4);
  CHECK(facts_of(hello(), changes, cy, "+").reacts);
  CHECK(facts_of(hello(), changes, cy, "-").reacted_by == 0);
}

} // namespace parley::tests

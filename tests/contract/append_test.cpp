#include <doctest/doctest.h>

#include "tests/contract/backends.hpp"
#include "tests/contract/sample.hpp"

namespace parley::tests {

namespace {

const auto lunch = conversation_number(1);
const auto dinner = conversation_number(2);

} // namespace

TEST_CASE_TEMPLATE("log: an entry comes back as it was written", Backend, PARLEY_BACKENDS) {
  const fresh_stores<Backend> store;
  commit(*store.log, founding(lunch, {ann}));
  entry written{.conversation = lunch,
                .seq = 2,
                .kind = entry_kind::reaction,
                .author = bob,
                .client = client_number(7),
                .target = 1,
                .body = R"({"key":"ü","text":"a\u0000b\\ '"})",
                .at = moment(5),
                .countable = true,
                .print = {0xff, 0, 3}};
  commit(*store.log, {.conversation = lunch, .entries = {written}});
  CHECK(whole_log(*store.log, lunch).back() == written);

  written = message(lunch, 3, {.text = std::string(60'000, 'x'), .countable = false});
  commit(*store.log, {.conversation = lunch, .entries = {written}});
  CHECK(whole_log(*store.log, lunch).back() == written);
}

TEST_CASE_TEMPLATE("log: an append at a seq that is taken collides and changes nothing", Backend, PARLEY_BACKENDS) {
  const fresh_stores<Backend> store;
  commit(*store.log, founding(lunch, {ann}));
  commit(*store.log, messages(lunch, 2, 2, {.text = "first"}));
  CHECK(is<collision>(write(*store.log, messages(lunch, 2, 1, {.text = "late"}))));
  CHECK(is<collision>(write(*store.log, messages(lunch, 3, 2, {.text = "late"}))));
  CHECK(seqs_of(whole_log(*store.log, lunch)) == std::vector<seq_no>{1, 2, 3});
  CHECK(whole_log(*store.log, lunch).back() == message(lunch, 3, {.text = "first"}));
}

TEST_CASE_TEMPLATE("log: an append that would leave a hole collides", Backend, PARLEY_BACKENDS) {
  const fresh_stores<Backend> store;
  CHECK(is<collision>(write(*store.log, messages(lunch, 2, 1))));
  commit(*store.log, founding(lunch, {ann}));
  CHECK(is<collision>(write(*store.log, messages(lunch, 3, 1))));
  CHECK(seqs_of(whole_log(*store.log, lunch)) == std::vector<seq_no>{1});
}

TEST_CASE_TEMPLATE("log: a malformed write is a defect and leaves the others alone", Backend, PARLEY_BACKENDS) {
  const fresh_stores<Backend> store;
  conversation_write malformed;
  SUBCASE("seqs that are not consecutive") {
    malformed = {.conversation = dinner, .entries = {message(dinner, 1), message(dinner, 3)}};
  }
  SUBCASE("seq 0") { malformed = {.conversation = dinner, .entries = {message(dinner, 0)}}; }
  SUBCASE("an entry of another conversation") { malformed = {.conversation = dinner, .entries = {message(lunch, 1)}}; }
  SUBCASE("one client id twice") { malformed = messages(dinner, 1, 2, {.client = client_number(1)}); }
  const std::vector writes{malformed, founding(lunch, {ann})};
  const auto outcomes = store.log->write(writes);
  CHECK(failed(outcomes[0], errc::internal));
  CHECK(is<committed>(outcomes[1]));
  CHECK(whole_log(*store.log, dinner).empty());
  CHECK(whole_log(*store.log, lunch).size() == 1);
}

TEST_CASE_TEMPLATE("log: a collision leaves the other conversations of the batch committed", Backend, PARLEY_BACKENDS) {
  const fresh_stores<Backend> store;
  commit(*store.log, founding(lunch, {ann}));
  const std::vector writes{founding(dinner, {ann}), messages(lunch, 1, 1), messages(dinner, 2, 3)};
  const auto outcomes = store.log->write(writes);
  REQUIRE(outcomes.size() == 3);
  CHECK(is<committed>(outcomes[0]));
  CHECK(is<collision>(outcomes[1]));
  CHECK(is<committed>(outcomes[2]));
  CHECK(whole_log(*store.log, lunch).size() == 1);
  CHECK(seqs_of(whole_log(*store.log, dinner)) == std::vector<seq_no>{1, 2, 3, 4});
}

TEST_CASE_TEMPLATE("log: nothing of a refused write is kept, whatever it carried", Backend, PARLEY_BACKENDS) {
  const fresh_stores<Backend> store;
  REQUIRE(store.devices->touch(ann, phone, moment(0), 32).value());
  commit(*store.log, founding(lunch, {ann}));
  commit(*store.log, messages(lunch, 2, 1, {.client = client_number(1)}));
  const auto before = store.log->load(lunch).value().value();

  auto refused = founding(lunch, {ann, bob});
  SUBCASE("by a collision") {}
  SUBCASE("by a repetition") { refused.entries = {message(lunch, 3), message(lunch, 4, {.client = client_number(1)})}; }
  refused.record->title = "supper";
  refused.positions = {{.user = ann, .delivered = 2, .read = 2, .shown = 2}};
  refused.cursors = {{.user = ann, .device = phone, .seq = 2}};
  CHECK_FALSE(is<committed>(write(*store.log, refused)));

  const auto after = store.log->load(lunch).value().value();
  CHECK(after.record == before.record);
  CHECK(after.members == before.members);
  CHECK(after.head == 2);
  CHECK(store.log->backlog_of(ann, phone, 10).value().front().cursor == 0);
}

TEST_CASE_TEMPLATE("log: a batch of nothing and a write of nothing are fine", Backend, PARLEY_BACKENDS) {
  const fresh_stores<Backend> store;
  CHECK(store.log->write({}).empty());
  CHECK(is<committed>(write(*store.log, {.conversation = lunch})));
  CHECK_FALSE(store.log->load(lunch).value());
}

} // namespace parley::tests

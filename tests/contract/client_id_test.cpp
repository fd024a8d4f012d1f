#include <doctest/doctest.h>

#include "tests/contract/backends.hpp"
#include "tests/contract/sample.hpp"

namespace parley::tests {

namespace {

const auto lunch = conversation_number(1);
const auto dinner = conversation_number(2);
const message_fields once{.text = "once", .client = client_number(1)};

} // namespace

TEST_CASE_TEMPLATE("client id: a repetition names the first entry and where it was in the write", Backend,
                   PARLEY_BACKENDS) {
  const fresh_stores<Backend> store;
  commit(*store.log, founding(lunch, {ann}));
  commit(*store.log, messages(lunch, 2, 1, once));
  const conversation_write again{.conversation = lunch, .entries = {message(lunch, 3), message(lunch, 4, once)}};
  const auto outcome = write(*store.log, again);
  REQUIRE(is<repeated>(outcome));
  CHECK(std::get<repeated>(*outcome).index == 1);
  CHECK(std::get<repeated>(*outcome).first == message(lunch, 2, once));
  CHECK(whole_log(*store.log, lunch).size() == 2);
}

TEST_CASE_TEMPLATE("client id: a repetition at a seq that is taken collides first", Backend, PARLEY_BACKENDS) {
  const fresh_stores<Backend> store;
  commit(*store.log, founding(lunch, {ann}));
  commit(*store.log, messages(lunch, 2, 1, once));
  CHECK(is<collision>(write(*store.log, messages(lunch, 2, 1, once))));
}

TEST_CASE_TEMPLATE("client id: a repetition within one batch finds the earlier write", Backend, PARLEY_BACKENDS) {
  const fresh_stores<Backend> store;
  commit(*store.log, founding(lunch, {ann}));
  const std::vector writes{messages(lunch, 2, 1, once), messages(lunch, 3, 1, once), messages(lunch, 3, 1)};
  const auto outcomes = store.log->write(writes);
  CHECK(is<committed>(outcomes[0]));
  REQUIRE(is<repeated>(outcomes[1]));
  CHECK(std::get<repeated>(*outcomes[1]).first.seq == 2);
  CHECK(is<committed>(outcomes[2]));
  CHECK(whole_log(*store.log, lunch).size() == 3);
}

TEST_CASE_TEMPLATE("client id: the same one of another author or in another conversation is not a repetition", Backend,
                   PARLEY_BACKENDS) {
  const fresh_stores<Backend> store;
  auto by_bob = once;
  by_bob.author = bob;
  commit(*store.log, founding(lunch, {ann, bob}));
  commit(*store.log, founding(dinner, {ann, bob}));
  commit(*store.log, messages(lunch, 2, 1, once));
  commit(*store.log, messages(lunch, 3, 1, by_bob));
  commit(*store.log, messages(dinner, 2, 1, once));
}

TEST_CASE_TEMPLATE("client id: entries without one never repeat", Backend, PARLEY_BACKENDS) {
  const fresh_stores<Backend> store;
  commit(*store.log, founding(lunch, {ann}));
  commit(*store.log, messages(lunch, 2, 3));
  commit(*store.log, messages(lunch, 5, 3));
}

TEST_CASE_TEMPLATE("client id: an entry is found by it", Backend, PARLEY_BACKENDS) {
  const fresh_stores<Backend> store;
  commit(*store.log, founding(lunch, {ann, bob}));
  commit(*store.log, messages(lunch, 2, 1, once));
  CHECK(store.log->find(lunch, ann, client_number(1)).value() == message(lunch, 2, once));
  CHECK_FALSE(store.log->find(lunch, ann, client_number(2)).value());
  CHECK_FALSE(store.log->find(lunch, bob, client_number(1)).value());
  CHECK_FALSE(store.log->find(dinner, ann, client_number(1)).value());
}

} // namespace parley::tests

#include <doctest/doctest.h>

#include "actors/delivery_table.hpp"
#include "tests/unit/actors/people.hpp"

namespace parley::tests {

namespace {

live_entry_ptr entry_number(seq_no seq) {
  return make_live({.conversation = direct_conversation(ann, bob), .seq = seq, .author = ann, .body = "{}"});
}

struct three_links {
  std::shared_ptr<recorded_link> ann_phone = std::make_shared<recorded_link>();
  std::shared_ptr<recorded_link> ann_tablet = std::make_shared<recorded_link>();
  std::shared_ptr<recorded_link> bob_phone = std::make_shared<recorded_link>();
  actors::delivery_table table;

  three_links() {
    table.add(ann, session_number(1), ann_phone);
    table.add(ann, session_number(2), ann_tablet);
    table.add(bob, session_number(3), bob_phone);
  }
};

const auto receipt_frame = std::make_shared<const std::string>(
    encode_open(receipt{.conversation = direct_conversation(ann, bob), .seq = 1, .user = bob}));

} // namespace

TEST_CASE_FIXTURE(three_links, "delivery table: an entry reaches every connection of its users, in order") {
  CHECK(table.size() == 3);
  table.push({ann, cy}, entry_number(1));
  table.push({ann, bob}, entry_number(2));
  CHECK(ann_phone->heard == lines{"push 1", "push 2"});
  CHECK(ann_tablet->heard == lines{"push 1", "push 2"});
  CHECK(bob_phone->heard == lines{"push 2"});
}

TEST_CASE_FIXTURE(three_links, "delivery table: an event can leave out the session that caused it") {
  table.event(ann, receipt_frame, session_number(1));
  table.event(cy, receipt_frame);
  CHECK(ann_phone->heard.empty());
  CHECK(ann_tablet->heard.size() == 1);
  table.event(ann, receipt_frame);
  CHECK(ann_phone->heard.size() == 1);
  CHECK(bob_phone->heard.empty());
}

TEST_CASE_FIXTURE(three_links, "delivery table: a connection that was removed gets nothing and is not kept") {
  table.remove(ann, session_number(1));
  table.remove(ann, session_number(9));
  table.remove(cy, session_number(1));
  table.push({ann, bob}, entry_number(1));
  CHECK(ann_phone->heard.empty());
  CHECK(ann_phone.use_count() == 1);
  CHECK(ann_tablet->heard.size() == 1);
  table.remove(ann, session_number(2));
  table.remove(bob, session_number(3));
  CHECK(table.size() == 0);
}

TEST_CASE("delivery table: connected sessions of a user are counted, and none too many is admitted") {
  actors::delivery_table table;
  CHECK(table.admit(ann, session_number(1), 2));
  CHECK(table.admit(ann, session_number(2), 2));
  CHECK(table.admit(ann, session_number(2), 2));
  CHECK(table.admit(ann, session_number(3), 2).error().code == errc::too_many);
  CHECK(table.admit(bob, session_number(4), 2));
  table.depart(ann, session_number(1));
  CHECK(table.admit(ann, session_number(3), 2));
  CHECK(table.admit(ann, session_number(1), 0));
  CHECK(table.size() == 4);
}

TEST_CASE("delivery table: a session that is not connected is sent entries, and kept until it is over") {
  actors::delivery_table table;
  const auto link = std::make_shared<recorded_link>();
  REQUIRE(table.admit(ann, session_number(1), 1));
  // Nobody is sent anything before its welcome.
  table.push({ann}, entry_number(1));
  table.add(ann, session_number(1), link);
  table.depart(ann, session_number(1));
  table.push({ann}, entry_number(2));
  CHECK(link->heard == lines{"push 2"});
  CHECK(table.admit(ann, session_number(2), 1));
  table.depart(ann, session_number(2));
  CHECK(table.size() == 1);
  table.remove(ann, session_number(1));
  CHECK(table.size() == 0);
}

} // namespace parley::tests

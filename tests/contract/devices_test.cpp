#include <doctest/doctest.h>

#include "tests/contract/backends.hpp"
#include "tests/contract/sample.hpp"

namespace parley::tests {

namespace {

const auto lunch = conversation_number(1);

std::vector<std::string> names_of(device_store& devices, const user_id& user) {
  std::vector<std::string> names;
  const auto found = devices.list(user).value();
  for (const auto& device : found) names.push_back(device.id.value);
  return names;
}

using names = std::vector<std::string>;

} // namespace

TEST_CASE_TEMPLATE("devices: a device is new once and keeps the time of its last use", Backend, PARLEY_BACKENDS) {
  const fresh_stores<Backend> store;
  CHECK(store.devices->touch(ann, phone, moment(5), 32).value());
  CHECK_FALSE(store.devices->touch(ann, phone, moment(9), 32).value());
  CHECK_FALSE(store.devices->touch(ann, phone, moment(7), 32).value());
  CHECK(store.devices->touch(bob, phone, moment(1), 32).value());
  const auto devices = store.devices->list(ann).value();
  REQUIRE(devices.size() == 1);
  CHECK(devices.front().id == phone);
  CHECK(devices.front().last_used == moment(9));
  CHECK(store.devices->list(cy).value().empty());
}

TEST_CASE_TEMPLATE("devices: the longest unused goes when there are too many", Backend, PARLEY_BACKENDS) {
  const fresh_stores<Backend> store;
  const auto touch = [&](const char* name, std::int64_t at) {
    return store.devices->touch(ann, device_id{name}, moment(at), 3).value();
  };
  touch("a", 10);
  touch("b", 10);
  touch("c", 20);
  touch("a", 30);
  CHECK(touch("d", 40));
  CHECK(names_of(*store.devices, ann) == names{"a", "c", "d"});
  CHECK(touch("e", 0)); // a clock that went back does not cost the newcomer its place
  CHECK(names_of(*store.devices, ann) == names{"a", "d", "e"});
  CHECK(store.devices->touch(ann, device_id{"f"}, moment(50), 0).value());
  CHECK(names_of(*store.devices, ann).size() == 4);
}

TEST_CASE_TEMPLATE("devices: of equally unused ones the first by name goes", Backend, PARLEY_BACKENDS) {
  const fresh_stores<Backend> store;
  for (const auto* name : {"c", "a", "b"}) REQUIRE(store.devices->touch(ann, device_id{name}, moment(0), 3).value());
  REQUIRE(store.devices->touch(ann, device_id{"0"}, moment(0), 3).value());
  CHECK(names_of(*store.devices, ann) == names{"0", "b", "c"});
}

TEST_CASE_TEMPLATE("devices: one that was removed loses its cursors and comes back as a new one", Backend,
                   PARLEY_BACKENDS) {
  const fresh_stores<Backend> store;
  commit(*store.log, founding(lunch, {ann, bob}));
  commit(*store.log, messages(lunch, 2, 9));
  REQUIRE(store.devices->touch(bob, phone, moment(1), 1).value());
  raise(*store.log, lunch, cursor_update{.user = bob, .device = phone, .seq = 9});
  REQUIRE(store.devices->touch(bob, tablet, moment(2), 1).value());
  raise(*store.log, lunch, position_update{.user = bob, .delivered = 5, .read = 0, .shown = 0});
  CHECK(store.log->backlog_of(bob, phone, 10).value().front().cursor == 5);

  // It may still be connected; what it acknowledges is nobody's cursor.
  raise(*store.log, lunch, cursor_update{.user = bob, .device = phone, .seq = 10});
  CHECK(store.log->backlog_of(bob, phone, 10).value().front().cursor == 5);
  CHECK(store.devices->touch(bob, phone, moment(3), 1).value());
  CHECK(store.log->backlog_of(bob, phone, 10).value().front().cursor == 5);
}

TEST_CASE_TEMPLATE("devices: a push target stays until it is replaced or removed", Backend, PARLEY_BACKENDS) {
  const fresh_stores<Backend> store;
  const auto push_of = [&] { return store.devices->list(ann).value().front().push; };
  CHECK(failed(store.devices->set_push(ann, phone, "{}"), errc::not_found));
  REQUIRE(store.devices->touch(ann, phone, moment(1), 32).value());
  CHECK(push_of().empty());
  REQUIRE(store.devices->set_push(ann, phone, R"({"kind":"fcm"})"));
  REQUIRE(store.devices->touch(ann, phone, moment(2), 32));
  CHECK(push_of() == R"({"kind":"fcm"})");
  REQUIRE(store.devices->set_push(ann, phone, ""));
  CHECK(push_of().empty());
  CHECK(failed(store.devices->set_push(bob, phone, "{}"), errc::not_found));
}

TEST_CASE_TEMPLATE("devices: a revoked one loses its cursors and comes back as a new one", Backend, PARLEY_BACKENDS) {
  const fresh_stores<Backend> store;
  CHECK(failed(store.devices->revoke(bob, phone, moment(1)), errc::not_found));
  commit(*store.log, founding(lunch, {ann, bob}));
  commit(*store.log, messages(lunch, 2, 9));
  REQUIRE(store.devices->touch(bob, phone, moment(1), 32).value());
  REQUIRE(store.devices->touch(bob, tablet, moment(1), 32).value());
  raise(*store.log, lunch, cursor_update{.user = bob, .device = phone, .seq = 9});
  REQUIRE(store.devices->revoke(bob, phone, moment(2)));
  CHECK(names_of(*store.devices, bob) == names{"tablet"});
  CHECK(store.log->backlog_of(bob, phone, 10).value().front().cursor == 0);
  CHECK(store.devices->touch(bob, phone, moment(3), 32).value());
  CHECK(store.log->backlog_of(bob, phone, 10).value().front().cursor == 0);
}

TEST_CASE_TEMPLATE("devices: the latest revocation of each is kept", Backend, PARLEY_BACKENDS) {
  const fresh_stores<Backend> store;
  CHECK(store.devices->revocations().value().empty());
  const auto revoke = [&](const user_id& user, std::int64_t at) {
    REQUIRE(store.devices->touch(user, phone, moment(0), 32).value());
    REQUIRE(store.devices->revoke(user, phone, moment(at)));
  };
  revoke(bob, 5);
  revoke(ann, 7);
  revoke(ann, 6); // by a clock that went back
  const auto found = store.devices->revocations().value();
  REQUIRE(found.size() == 2);
  CHECK(found[0].user == ann);
  CHECK(found[0].device == phone);
  CHECK(found[0].at == moment(7));
  CHECK(found[1].user == bob);
  CHECK(found[1].at == moment(5));
}

TEST_CASE_TEMPLATE("devices: the refresh tokens of a revoked one are good for nothing, nor are their successors",
                   Backend, PARLEY_BACKENDS) {
  const fresh_stores<Backend> store;
  const auto grant = [](std::uint8_t number, const device_id& device) {
    refresh_grant made{.digest = {number}, .user = ann, .device = device, .expires_at = moment(100)};
    made.family.bytes.front() = device == phone ? 1 : 2;
    return made;
  };
  for (const auto& device : {phone, tablet}) REQUIRE(store.devices->touch(ann, device, moment(0), 32).value());
  REQUIRE(store.accounts->add_refresh(grant(1, phone)));
  REQUIRE(store.accounts->add_refresh(grant(2, phone)));
  REQUIRE(store.accounts->add_refresh(grant(3, tablet)));
  REQUIRE(store.accounts->use_refresh({1}, moment(1)));
  REQUIRE(store.devices->revoke(ann, phone, moment(2)));
  CHECK(failed(store.accounts->use_refresh({2}, moment(3)), errc::unauthenticated));
  CHECK(failed(store.accounts->add_refresh(grant(4, phone)), errc::unauthenticated));
  CHECK(store.accounts->use_refresh({3}, moment(3)));
}

} // namespace parley::tests

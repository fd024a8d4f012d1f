#include "tools/parleyload/run_name.hpp"

#include <doctest/doctest.h>

using namespace parley;
using namespace parley::load;

TEST_CASE("run name: users have proper names, different for every pair, side and run") {
  const run_name run{from_millis(1'790'000'000'000)};
  CHECK(parse_user_id(run.user(3, 'a').value));
  CHECK(run.user(3, 'a') != run.user(3, 'b'));
  CHECK(run.user(3, 'a') != run.user(4, 'a'));
  CHECK(run.user(3, 'a') != run_name{from_millis(1'790'000'000'001)}.user(3, 'a'));
}

TEST_CASE("run name: a message has one client id, a UUID of version 7 that tells the time") {
  const run_name run{from_millis(0x0123456789ab)};
  const auto id_of = [&](const payload_id& message) {
    std::string text;
    run.append_client_id(text, message);
    return text;
  };
  CHECK(id_of({0, 0}) == "01234567-89ab-7000-8000-000000000000");
  CHECK(id_of({1, 0}) == "01234567-89ab-7000-8000-004000000000");
  CHECK(id_of({0, 5}) == "01234567-89ab-7000-8000-000000000005");
  CHECK(id_of({0xffffff, 0x3fffffffff}) == "01234567-89ab-7000-bfff-ffffffffffff");
  CHECK(id_of({7, 9}) == id_of({7, 9}));
  CHECK(parse_client_id(id_of({123, 456})));
}

#include <doctest/doctest.h>

#include <set>
#include <string>

#include <parley/uuid.hpp>

namespace parley {

TEST_CASE("uuid: the text form is read and written back in lower case") {
  const auto id = parse_uuid("018F2A7C-0000-7ABC-8def-0123456789aB");
  REQUIRE(id);
  CHECK(to_string(*id) == "018f2a7c-0000-7abc-8def-0123456789ab");
  CHECK(id->bytes.front() == 0x01);
  CHECK(id->bytes.back() == 0xab);
  CHECK(parse_uuid(to_string(*id)) == id);
}

TEST_CASE("uuid: any version is accepted, zero included") {
  CHECK(parse_uuid("00000000-0000-0000-0000-000000000000") == uuid{});
  CHECK(parse_uuid("ffffffff-ffff-ffff-ffff-ffffffffffff"));
}

TEST_CASE("uuid: nothing but the text form is accepted") {
  for (const auto* text : {
           "",
           "018f2a7c",
           "018f2a7c00007abc8def0123456789ab",
           "{018f2a7c-0000-7abc-8def-0123456789ab}",
           "018f2a7c-0000-7abc-8def-0123456789a",
           "018f2a7c-0000-7abc-8def-0123456789abc",
           "018f2a7c-0000-7abc-8def-0123456789ag",
           "018f2a7c_0000_7abc_8def_0123456789ab",
           "018f2a7-c0000-7abc-8def-0123456789ab",
           " 18f2a7c-0000-7abc-8def-0123456789ab",
           "018f2a7c-0000-7abc-8def-0123456789-b",
       }) {
    CAPTURE(text);
    CHECK_FALSE(parse_uuid(text));
  }
  CHECK_FALSE(parse_uuid(std::string(36, '-')));
  CHECK_FALSE(parse_uuid(std::string(36, '\0')));
}

TEST_CASE("uuid: random ones differ and say that they are random") {
  std::set<uuid> seen;
  for (int i = 0; i < 1000; ++i) {
    const auto id = random_uuid();
    CHECK(seen.insert(id).second);
    CHECK((id.bytes[6] >> 4) == 4);
    CHECK((id.bytes[8] >> 6) == 2);
  }
}

TEST_CASE("uuid: a name always gives the same id, on every build") {
  CHECK(named_uuid("direct ann bob") == named_uuid("direct ann bob"));
  CHECK(named_uuid("direct ann bob") != named_uuid("direct ann bo"));
  // The conversations that exist are found by these bytes: they never change.
  CHECK(to_string(named_uuid("direct ann bob")) == "696bebc3-f0ff-8115-af27-63fa4c5edfc5");
  CHECK((named_uuid("").bytes[6] >> 4) == 8);
  CHECK((named_uuid("").bytes[8] >> 6) == 2);
}

TEST_CASE("uuid: the hash spreads ids that differ in one bit") {
  std::set<std::size_t> hashes{uuid_hash{}(uuid{})};
  for (std::size_t bit = 0; bit < 128; ++bit) {
    uuid id;
    id.bytes[bit / 8] = static_cast<std::uint8_t>(1U << bit % 8);
    hashes.insert(uuid_hash{}(id));
  }
  CHECK(hashes.size() > 120);
}

} // namespace parley

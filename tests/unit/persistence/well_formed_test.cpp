#include "persistence/well_formed.hpp"

#include <doctest/doctest.h>

#include "tests/contract/sample.hpp"

namespace parley::tests {

using persistence::well_formed;

namespace {

const auto lunch = conversation_number(1);
const auto dinner = conversation_number(2);

} // namespace

TEST_CASE("well formed: consecutive entries of one conversation are") {
  CHECK(well_formed({.conversation = lunch}));
  CHECK(well_formed(founding(lunch, {ann})));
  CHECK(well_formed(messages(lunch, 7, 3)));
}

TEST_CASE("well formed: seq 0, holes and falling seqs are not") {
  CHECK(failed(well_formed({.conversation = lunch, .entries = {message(lunch, 0)}}), errc::internal));
  CHECK(
      failed(well_formed({.conversation = lunch, .entries = {message(lunch, 1), message(lunch, 3)}}), errc::internal));
  CHECK(
      failed(well_formed({.conversation = lunch, .entries = {message(lunch, 2), message(lunch, 1)}}), errc::internal));
  CHECK(
      failed(well_formed({.conversation = lunch, .entries = {message(lunch, 2), message(lunch, 2)}}), errc::internal));
}

TEST_CASE("well formed: entries or the record of another conversation are not") {
  CHECK(failed(well_formed({.conversation = lunch, .entries = {message(dinner, 1)}}), errc::internal));
  auto write = founding(lunch, {ann});
  write.record->id = dinner;
  CHECK(failed(well_formed(write), errc::internal));
}

TEST_CASE("well formed: one client id twice is not, unless two authors made it") {
  CHECK(failed(well_formed(messages(lunch, 1, 2, {.client = client_number(1)})), errc::internal));
  const conversation_write write{.conversation = lunch,
                                 .entries = {message(lunch, 1, {.author = ann, .client = client_number(1)}),
                                             message(lunch, 2, {.author = bob, .client = client_number(1)})}};
  CHECK(well_formed(write));
}

} // namespace parley::tests

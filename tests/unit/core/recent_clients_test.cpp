#include <doctest/doctest.h>

#include <parley/recent_clients.hpp>

#include "tests/unit/core/sample.hpp"

namespace parley::tests {

namespace {

written at_seq(seq_no seq) { return {seq, moment(0), print_number(1)}; }

} // namespace

TEST_CASE("recent clients: a remembered id is found with its place and print") {
  recent_clients recent;
  CHECK_FALSE(recent.find(ann, client_number(1)));
  recent.remember(ann, client_number(1), {7, moment(3), print_number(9)});
  const auto found = recent.find(ann, client_number(1));
  REQUIRE(found);
  CHECK(found->seq == 7);
  CHECK(found->at == moment(3));
  CHECK(found->print == print_number(9));
}

TEST_CASE("recent clients: every author has a name space of its own") {
  recent_clients recent;
  recent.remember(ann, client_number(1), at_seq(1));
  CHECK_FALSE(recent.find(bob, client_number(1)));
  recent.remember(bob, client_number(1), at_seq(2));
  CHECK(recent.find(ann, client_number(1))->seq == 1);
  CHECK(recent.find(bob, client_number(1))->seq == 2);
}

TEST_CASE("recent clients: the first place stays") {
  recent_clients recent;
  recent.remember(ann, client_number(1), at_seq(1));
  recent.remember(ann, client_number(1), at_seq(5));
  CHECK(recent.find(ann, client_number(1))->seq == 1);
}

TEST_CASE("recent clients: beyond the bound the oldest is forgotten") {
  recent_clients recent{3};
  for (std::uint8_t i = 1; i <= 5; ++i) recent.remember(ann, client_number(i), at_seq(i));
  CHECK_FALSE(recent.find(ann, client_number(1)));
  CHECK_FALSE(recent.find(ann, client_number(2)));
  for (std::uint8_t i = 3; i <= 5; ++i) CHECK(recent.find(ann, client_number(i)));
}

TEST_CASE("recent clients: an id remembered again does not count twice") {
  recent_clients recent{2};
  for (int i = 0; i < 10; ++i) recent.remember(ann, client_number(1), at_seq(1));
  recent.remember(ann, client_number(2), at_seq(2));
  CHECK(recent.find(ann, client_number(1)));
  recent.remember(ann, client_number(3), at_seq(3));
  CHECK_FALSE(recent.find(ann, client_number(1)));
}

} // namespace parley::tests

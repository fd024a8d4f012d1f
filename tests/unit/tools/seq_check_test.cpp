#include "tools/parleyload/seq_check.hpp"

#include <doctest/doctest.h>

using namespace parley::load;

TEST_CASE("seq check: one after the other is as it should be") {
  seq_check seqs;
  for (parley::seq_no seq = 1; seq <= 5; ++seq) CHECK(seqs.observe(seq) == seq_verdict::next);
  CHECK(seqs.complete() == 5);
  CHECK(seqs.holes() == 0);
}

TEST_CASE("seq check: a seq that comes again is a duplicate") {
  seq_check seqs;
  CHECK(seqs.observe(1) == seq_verdict::next);
  CHECK(seqs.observe(1) == seq_verdict::duplicate);
  CHECK(seqs.observe(0) == seq_verdict::duplicate);
}

TEST_CASE("seq check: what was jumped over is a hole until it comes late") {
  seq_check seqs;
  CHECK(seqs.observe(1) == seq_verdict::next);
  CHECK(seqs.observe(4) == seq_verdict::ahead);
  CHECK(seqs.holes() == 2);
  CHECK(seqs.complete() == 1);
  CHECK(seqs.observe(3) == seq_verdict::late);
  CHECK(seqs.observe(3) == seq_verdict::duplicate);
  CHECK(seqs.holes() == 1);
  CHECK(seqs.complete() == 1);
  CHECK(seqs.observe(2) == seq_verdict::late);
  CHECK(seqs.holes() == 0);
  CHECK(seqs.complete() == 4);
}

TEST_CASE("seq check: a log that does not begin at 1 has holes before it") {
  seq_check seqs;
  CHECK(seqs.observe(3) == seq_verdict::ahead);
  CHECK(seqs.holes() == 2);
  CHECK(seqs.complete() == 0);
}

TEST_CASE("seq check: a huge hole is counted in full and remembered within bounds") {
  seq_check seqs;
  CHECK(seqs.observe(1'000'000'000'000) == seq_verdict::ahead);
  CHECK(seqs.holes() == 999'999'999'999);
  CHECK(seqs.observe(1) == seq_verdict::late);
  CHECK(seqs.complete() == 1);
}

/// What a run of `chat` has seen so far, over all pairs.

#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "tools/parleyload/histogram.hpp"

namespace parley::load {

struct chat_results {
  std::uint64_t sent = 0; // logical messages, however often repeated
  std::uint64_t acked = 0;
  std::uint64_t received = 0;  // by the other side, once each
  std::uint64_t completed = 0; // acked and received
  std::uint64_t repeated = 0;  // sends made again after an error that asks for it
  std::uint64_t refused = 0;   // messages that the server will not take
  std::uint64_t receipts = 0;

  std::uint64_t lost = 0;       // acknowledged, never received
  std::uint64_t unanswered = 0; // neither acknowledged nor refused
  std::uint64_t doubled = 0;    // one message at two places in the log
  std::uint64_t duplicates = 0; // one place pushed twice
  std::uint64_t holes = 0;      // places that were never pushed
  std::uint64_t out_of_order = 0;
  std::uint64_t wrong = 0; // content, sender, conversation, seq or time is not what it has to be

  std::map<std::string, std::uint64_t, std::less<>> errors; // by code
  /// Pairs that failed, by reason.
  std::map<std::string, std::uint64_t, std::less<>> failures;
  /// What the first wrong thing was.
  std::string first_wrong;

  histogram to_ack, to_received;
};

/// Whether every acknowledged message arrived once, whole and in order, and no pair failed.
[[nodiscard]] bool is_clean(const chat_results& results);

} // namespace parley::load

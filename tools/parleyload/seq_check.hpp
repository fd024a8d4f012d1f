/// Watches the seqs that one device is pushed of one conversation: they have to be 1, 2, 3, … each once and in order.

#pragma once

#include <cstdint>
#include <set>

#include <parley/ids.hpp>

namespace parley::load {

enum class seq_verdict {
  next,      ///< As it should be.
  ahead,     ///< Leaves a hole behind it.
  late,      ///< Fills a hole: it came out of order.
  duplicate, ///< Was there before.
};

/// Remembers at most `missing_max` missing seqs; beyond that a late one counts as duplicate.
class seq_check {
public:
  static constexpr std::size_t missing_max = 4096;

  [[nodiscard]] seq_verdict observe(seq_no seq);

  /// The highest up to which nothing is missing.
  [[nodiscard]] seq_no complete() const { return missing_.empty() ? highest_ : *missing_.begin() - 1; }
  /// How many below the highest have not come.
  [[nodiscard]] std::uint64_t holes() const { return holes_; }

private:
  seq_no highest_ = 0;
  std::uint64_t holes_ = 0;
  std::set<seq_no> missing_;
};

} // namespace parley::load

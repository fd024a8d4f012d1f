/// Receipts of one conversation: which are owed, and when the next one of a user may be pushed. The first goes out at
/// once, then at most one every `interval`; the last position wins. Pure; time is handed in.

#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <vector>

#include <parley/clock.hpp>
#include <parley/ids.hpp>

namespace parley::actors {

/// Positions from+1..to were newly covered by `user`.
struct owed_receipt {
  enum class kind { delivered, read, own_read };

  user_id user;
  kind what = kind::delivered;
  seq_no from = 0;
  seq_no to = 0;
  /// The session that moved it: it knows. Kept for `own_read` only.
  session_id by;
};

class receipt_keeper {
public:
  explicit receipt_keeper(std::chrono::milliseconds interval = std::chrono::milliseconds{500}) : interval_{interval} {}

  /// Owes that `what` of `user` moved from `from` to `to`.
  void owe(const owed_receipt& what);
  /// What may be pushed now; it counts as pushed.
  [[nodiscard]] std::vector<owed_receipt> take_due(instant now);
  /// When the next one may go out, if any is owed.
  [[nodiscard]] std::optional<instant> next_due() const;
  [[nodiscard]] bool is_empty() const { return users_.empty(); }

private:
  struct span {
    seq_no from = 0;
    seq_no to = 0;

    void cover(seq_no begin, seq_no end);
    [[nodiscard]] bool is_empty() const { return to == 0; }
  };
  struct waiting {
    span delivered, read, own_read;
    session_id read_by;
    std::optional<instant> pushed;

    [[nodiscard]] bool is_owed() const { return !delivered.is_empty() || !read.is_empty() || !own_read.is_empty(); }
  };

  std::chrono::milliseconds interval_;
  std::map<user_id, waiting> users_;
};

} // namespace parley::actors

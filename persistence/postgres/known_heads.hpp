/// Entries that are known to be in the log. They never go, so what follows one of them leaves no hole, and the database
/// need not look for it: with sixteen partitions that look costs as much as the insert.
///
/// Bounded: the half that was not asked for lately is forgotten. One thread.

#pragma once

#include <cstddef>
#include <unordered_map>
#include <utility>

#include <parley/ids.hpp>

namespace parley::persistence::postgres {

class known_heads {
public:
  explicit known_heads(std::size_t max) : half_{max / 2} {}

  void note(const conversation_id& of, seq_no head) {
    if (head == 0) return;
    auto& known = recent_[of];
    if (head > known) known = head;
    if (recent_.size() >= half_) older_ = std::exchange(recent_, {});
  }

  /// An entry at `seq` leaves no hole before it.
  [[nodiscard]] bool may_follow(const conversation_id& of, seq_no seq) const {
    return seq <= 1 || is_in(recent_, of, seq - 1) || is_in(older_, of, seq - 1);
  }

private:
  using heads = std::unordered_map<conversation_id, seq_no>;

  [[nodiscard]] static bool is_in(const heads& some, const conversation_id& of, seq_no seq) {
    const auto found = some.find(of);
    return found != some.end() && found->second >= seq;
  }

  std::size_t half_;
  heads recent_;
  heads older_;
};

} // namespace parley::persistence::postgres

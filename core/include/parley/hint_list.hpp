/// How far conversations in pull mode have come, as one device is told: of each the newest head. What was not said yet
/// is owed, however long it takes. Not thread-safe.

#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include <parley/ids.hpp>

namespace parley {

class hint_list {
public:
  struct hint {
    conversation_id conversation;
    seq_no head = 0;
  };

  /// An older head than is known changes nothing.
  void owe(const conversation_id& conversation, seq_no head);
  /// The same whatever is known.
  void restart(const conversation_id& conversation, seq_no head);
  /// Takes the oldest debt, to be said when `s` pushes were.
  [[nodiscard]] std::optional<hint> say(std::uint64_t s);
  /// What was said since `s` pushes may not have been heard.
  void owe_since(std::uint64_t s);

  [[nodiscard]] bool owes() const { return !owed_.empty(); }

private:
  struct line {
    seq_no head = 0;
    std::uint64_t said_at = 0;
    bool is_owed = false;
  };

  std::unordered_map<conversation_id, line> lines_;
  /// In the order in which they are said.
  std::vector<conversation_id> owed_;
};

} // namespace parley

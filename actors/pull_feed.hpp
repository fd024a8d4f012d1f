/// A conversation in pull mode: which sessions have it in focus and are pushed its entries, and when the others are
/// hinted the next time. Plain data; time is handed in.

#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <set>

#include <parley/clock.hpp>

#include "actors/handles.hpp"

namespace parley::actors {

class pull_feed {
public:
  explicit pull_feed(std::chrono::milliseconds interval = std::chrono::milliseconds{2'000}) : interval_{interval} {}

  /// The session is pushed what comes behind `head`, and told so.
  void focus(const conversation_id& conversation, const user_id& user, const session_id& session,
             const client_link_ptr& link, seq_no head);
  void unfocus(const session_id& session) { focused_.erase(session); }
  /// The user is a member no longer.
  void drop(const user_id& user);
  void push(const live_entry_ptr& item) const;

  [[nodiscard]] std::set<session_id> sessions() const;
  [[nodiscard]] bool has_focus() const { return !focused_.empty(); }

  /// The head has moved; hints are owed.
  void owe_hint() { owed_ = true; }
  /// Whether they go out now; counts as done.
  [[nodiscard]] bool take_hint(instant now);
  /// When they may, if they are owed.
  [[nodiscard]] std::optional<instant> next_hint() const;

private:
  struct reader {
    user_id user;
    client_link_ptr link;
  };

  std::chrono::milliseconds interval_;
  std::map<session_id, reader> focused_;
  bool owed_ = false;
  std::optional<instant> hinted_;
};

} // namespace parley::actors

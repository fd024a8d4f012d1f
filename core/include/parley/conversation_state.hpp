/// The state of a conversation: a pure fold over its entries.
///
/// Whoever holds entries 1..head in one of these may append at head + 1. Not thread-safe; owned by one actor.

#pragma once

#include <map>
#include <memory>
#include <vector>

#include <parley/log_store.hpp>
#include <parley/model.hpp>

namespace parley {

/// What an entry changed besides the head.
struct projection_change {
  bool record = false;
  std::vector<user_id> members;
};

class conversation_state {
public:
  /// A conversation without entries.
  explicit conversation_state(conversation_id id);
  /// A conversation as the store has it.
  explicit conversation_state(conversation_snapshot snapshot);

  /// Makes an empty conversation the direct one of two users; their first message becomes seq 1.
  void become_direct(const user_id& one, const user_id& other, timestamp now);

  /// Folds the entry at head() + 1. `internal` if it is another one or its body cannot be read.
  [[nodiscard]] result<projection_change> apply(const entry& next);

  /// Sets until when a member wants no notifications; null: there is no such member.
  const member* mute(const user_id& user, timestamp until);

  /// Raises the watermarks of a member; returns it as it is then, or null if there was nothing to raise.
  const member* raise(const position_update& to);

  [[nodiscard]] const conversation_record& record() const { return record_; }
  [[nodiscard]] seq_no head() const { return head_; }
  /// The time of the newest entry folded here; entries never go back in time.
  [[nodiscard]] timestamp newest_at() const { return newest_at_; }
  /// Also users that have left; null: never was a member.
  [[nodiscard]] const member* find(const user_id& user) const;
  [[nodiscard]] const member* find_active(const user_id& user) const;
  [[nodiscard]] std::size_t active_members() const { return audience()->size(); }
  /// The members that have not left; the same list until it changes.
  [[nodiscard]] const std::shared_ptr<const std::vector<user_id>>& audience() const;
  [[nodiscard]] std::vector<member> members() const;

private:
  result<projection_change> apply_member_change(const entry& next);
  result<projection_change> apply_update(const entry& next);
  void join(const user_id& user, role as, seq_no at);

  conversation_record record_;
  std::map<user_id, member> members_;
  seq_no head_ = 0;
  timestamp newest_at_{};
  mutable std::shared_ptr<const std::vector<user_id>> audience_;
};

} // namespace parley

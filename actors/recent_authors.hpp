/// Who wrote the newest entries of a conversation: receipts go to them. Belongs to its conversation.

#pragma once

#include <deque>
#include <functional>
#include <set>
#include <utility>

#include <caf/event_based_actor.hpp>

#include "actors/node_context.hpp"
#include "actors/receipt_keeper.hpp"

namespace parley::actors {

class recent_authors {
public:
  using answer = std::function<void(const std::set<user_id>& authors)>;

  /// The next entry of the log; the oldest one kept is forgotten.
  void remember(const entry& item);

  /// Hands on who wrote what `covered` covers: at once from memory, else on `self` when the log has named them; then of
  /// the newest entries only. If the log cannot be read `then` is not called: the next receipt covers this one.
  void find(caf::event_based_actor* self, const node_context& shared, const conversation_id& conversation,
            const owed_receipt& covered, answer then) const;

private:
  std::deque<std::pair<seq_no, user_id>> kept_;
};

} // namespace parley::actors

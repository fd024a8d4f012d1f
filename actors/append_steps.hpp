/// A request on its way through a conversation: waiting to be decided on, then on its way to the log.

#pragma once

#include <memory>
#include <optional>
#include <vector>

#include <caf/typed_response_promise.hpp>

#include "actors/messages.hpp"

namespace parley::actors {

/// A request and what is known about it so far.
struct waiting_append {
  append_entry order;
  caf::typed_response_promise<entry_appended> answer;
  instant arrived;
  looked_up facts;
};

/// An entry under way to the log and whoever waits for it.
struct written_append {
  /// Absent: the conversation wrote it by itself.
  std::optional<waiting_append> request;
  entry item;
  /// The members when it was decided on.
  std::shared_ptr<const std::vector<user_id>> audience;
  /// Whom it adds or removes.
  std::vector<user_id> affected;
  /// Everybody is pushed it; else it is for those who have the conversation in focus.
  bool to_all = true;
  bool begins_push = false;
};

} // namespace parley::actors

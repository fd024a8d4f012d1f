/// One entry on its way to many sessions: encoded once, shared, immutable.

#pragma once

#include <memory>
#include <string>

#include <parley/encoder.hpp>

namespace parley {

/// The session that asked for an entry, and what it is told.
struct entry_origin {
  session_id session;
  acknowledgement ack;
  /// The session wants the push beside the acknowledgement.
  bool echo = true;
};

struct live_entry {
  conversation_id conversation;
  seq_no seq = 0;
  user_id author;
  /// Frames with the brace left open; the second with the client id, for the author, empty where there is none.
  std::string frame;
  std::string author_frame;
  /// Pushed apart from the order of its conversation, which is in pull mode: to users whom it adds or removes.
  bool apart = false;
  /// Its conversation is pushed from here on: a reader does not miss what lies before.
  bool begins_push = false;
  /// Absent for entries read back from the log.
  std::optional<entry_origin> origin;

  [[nodiscard]] const std::string& frame_for(const user_id& reader) const {
    return author_frame.empty() || reader != author ? frame : author_frame;
  }
};

using live_entry_ptr = std::shared_ptr<const live_entry>;

/// How an entry is pushed; see `live_entry`.
struct push_manner {
  bool apart = false;
  bool begins_push = false;
};

[[nodiscard]] live_entry_ptr make_live(const entry& item, std::optional<entry_origin> origin = std::nullopt,
                                       push_manner manner = {});

} // namespace parley

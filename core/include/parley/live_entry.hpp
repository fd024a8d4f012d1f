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
  /// Absent for entries read back from the log.
  std::optional<entry_origin> origin;

  [[nodiscard]] const std::string& frame_for(const user_id& reader) const {
    return author_frame.empty() || reader != author ? frame : author_frame;
  }
};

using live_entry_ptr = std::shared_ptr<const live_entry>;

[[nodiscard]] live_entry_ptr make_live(const entry& item, std::optional<entry_origin> origin = std::nullopt);

} // namespace parley

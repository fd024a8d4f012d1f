/// How far one's own messages have come. Positions of others are watermarks: they cover everything below and only rise.

#pragma once

#include <deque>
#include <optional>

#include "tools/parleyctl/chat_view.hpp"

namespace parley::ctl {

/// Remembers the last hundred that are not yet read.
class own_messages {
public:
  [[nodiscard]] progress reached(seq_no seq) const;
  void add(const shown_entry& message);
  /// Others have everything up to `seq`. Gives the newest message that has come further by that.
  std::optional<shown_entry> raise(progress to, seq_no seq);

private:
  std::deque<shown_entry> unread_;
  seq_no delivered_ = 0, read_ = 0;
};

} // namespace parley::ctl

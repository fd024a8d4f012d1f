/// Which words occur in which messages. The index follows the log at some distance; whoever searches brings it up to
/// date first.
///
/// What it holds of a log is determined by the log up to `indexed_logs.up_to`: for each message the form of its latest
/// text. The texts are not kept a second time, so to be forgotten they are read from the log once more.

#pragma once

#include <optional>

#include <parley/log_store.hpp>

#include "persistence/sqlite/connections.hpp"

namespace parley::persistence::sqlite {

/// `words.rowid` of a message: the number that the index gave its log, and its seq.
[[nodiscard]] constexpr std::int64_t words_row(std::int64_t number, seq_no seq) {
  return (number << 32) | static_cast<std::int64_t>(seq);
}

/// Indexes what was written to the conversations of `user`, or to the one of them, before the call. Lets others write
/// in between.
[[nodiscard]] result<void> catch_up(connections& to, const user_id& user,
                                    const std::optional<conversation_id>& conversation);

/// Forgets the words of a message whose text goes; before it goes, within its transaction.
[[nodiscard]] result<void> forget_words(database& in, const conversation_id& conversation, seq_no seq);

/// The body that shows the latest text of the message `seq`, as of the entry `head`.
[[nodiscard]] result<std::optional<std::string>> latest_body(database& in, const conversation_id& conversation,
                                                             seq_no seq, seq_no head);

} // namespace parley::persistence::sqlite

/// What a session reads of the store: pure functions of it, run on a reader's thread.

#pragma once

#include <string>

#include <parley/frames.hpp>
#include <parley/stores.hpp>

namespace parley::actors {

/// A page of history, encoded.
struct history_answer {
  std::string frame;
  seq_no head = 0;
  bool reaches_head = false;
};

[[nodiscard]] result<history_answer> read_history(const stores& from, const user_id& reader, const std::string& ref,
                                                  const history_request& request);
[[nodiscard]] result<std::string> read_conversations(const stores& from, const user_id& reader, const std::string& ref,
                                                     const conversations_request& request);
[[nodiscard]] result<std::string> read_conversation(const stores& from, const user_id& reader, const std::string& ref,
                                                    const conversation_id& conversation);
[[nodiscard]] result<std::string> read_members(const stores& from, const user_id& reader, const std::string& ref,
                                               const members_request& request);

[[nodiscard]] result<std::string> read_results(const stores& from, const user_id& reader, const std::string& ref,
                                               const search_query& query);
/// The first entries behind `after` that the reader is to be pushed.
[[nodiscard]] result<std::vector<entry>> read_missing(const stores& from, const user_id& reader,
                                                      const conversation_id& conversation, seq_no after);

} // namespace parley::actors

#include "persistence/sqlite/model_rows.hpp"

namespace parley::persistence::sqlite {

entry read_entry(row& from) {
  entry read;
  read.conversation = from.take<conversation_id>();
  read.seq = from.take<seq_no>();
  read.kind = from.take<entry_kind>();
  read.author = from.take<user_id>();
  read.client = from.take<std::optional<client_id>>();
  read.target = from.take<seq_no>();
  read.at = from.take<timestamp>();
  read.countable = from.take<bool>();
  read.print = from.take<fingerprint>();
  read.body = from.take<std::string>();
  return read;
}

member read_member(row& from) {
  return {.user = from.take<user_id>(),
          .role = from.take<role>(),
          .joined = from.take<seq_no>(),
          .left = from.take<seq_no>(),
          .delivered = from.take<seq_no>(),
          .read = from.take<seq_no>(),
          .shown = from.take<seq_no>(),
          .muted_until = from.take<timestamp>()};
}

conversation_record read_record(row& from) {
  return {.id = from.take<conversation_id>(),
          .kind = from.take<conversation_kind>(),
          .title = from.take<std::string>(),
          .history = from.take<history_policy>(),
          .mode = from.take<delivery_mode>(),
          .data = from.take<std::string>(),
          .created_at = from.take<timestamp>()};
}

} // namespace parley::persistence::sqlite

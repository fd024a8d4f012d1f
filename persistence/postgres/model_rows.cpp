#include "persistence/postgres/model_rows.hpp"

#include <charconv>

namespace parley::persistence::postgres {

namespace {

std::vector<membership_span> spans_of(std::string_view text) {
  std::vector<membership_span> spans;
  const auto take_number = [&] {
    seq_no number = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    if (!text.empty()) text.remove_prefix(1);
    return number;
  };
  while (!text.empty()) spans.push_back({.joined = take_number(), .left = take_number()});
  return spans;
}

} // namespace

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
          .muted_until = from.take<timestamp>(),
          .role_since = from.take<seq_no>(),
          .earlier = spans_of(from.take<std::string>())};
}

conversation_record read_record(row& from) {
  return {.id = from.take<conversation_id>(),
          .kind = from.take<conversation_kind>(),
          .title = from.take<std::string>(),
          .history = from.take<history_policy>(),
          .mode = from.take<delivery_mode>(),
          .data = from.take<std::string>(),
          .created_at = from.take<timestamp>(),
          .mode_chosen = from.take<bool>(),
          .updated = from.take<seq_no>()};
}

} // namespace parley::persistence::postgres

#include "tests/contract/sample.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

namespace parley::tests {

timestamp moment(std::int64_t millis) { return from_millis(1'790'000'000'000 + millis); }

conversation_id conversation_number(std::uint8_t number) {
  conversation_id id;
  id.value.bytes.front() = number;
  return id;
}

client_id client_number(std::uint8_t number) {
  client_id id;
  id.value.bytes.back() = number;
  return id;
}

file_id file_number(std::uint8_t number) {
  file_id id;
  id.value.bytes.back() = number;
  return id;
}

entry message(const conversation_id& in, seq_no seq, const message_fields& fields) {
  return {.conversation = in,
          .seq = seq,
          .kind = entry_kind::message,
          .author = fields.author,
          .client = fields.client,
          .target = 0,
          .body = fmt::format(R"({{"text":"{}"}})", fields.text),
          .at = fields.at,
          .countable = fields.countable,
          .print = {1, 2, 3}};
}

entry change(const conversation_id& in, seq_no seq, entry_kind kind, seq_no target, const message_fields& fields) {
  auto made = message(in, seq, fields);
  made.kind = kind;
  made.target = target;
  made.countable = false;
  if (kind == entry_kind::deleted) made.body = "{}";
  if (kind == entry_kind::reaction) made.body = R"({"key":"+1","on":true})";
  return made;
}

conversation_write messages(const conversation_id& in, seq_no first, seq_no count, const message_fields& fields) {
  conversation_write write{.conversation = in};
  for (auto seq = first; seq < first + count; ++seq) write.entries.push_back(message(in, seq, fields));
  return write;
}

conversation_write founding(const conversation_id& id, std::initializer_list<user_id> users) {
  auto first = message(id, 1, {.author = *users.begin(), .countable = false});
  first.kind = entry_kind::member;
  conversation_write write{.conversation = id, .entries = {first}};
  write.record = conversation_record{.id = id, .title = "lunch", .created_at = first.at};
  for (const auto& user : users) write.members.push_back({.user = user, .role = role::member, .joined = 1});
  write.members.front().role = role::owner;
  return write;
}

result<write_outcome> write(log_store& to, const conversation_write& one) {
  auto outcomes = to.write({&one, 1});
  REQUIRE(outcomes.size() == 1);
  return outcomes.front();
}

void commit(log_store& to, const conversation_write& one) { REQUIRE(is<committed>(write(to, one))); }

void raise(log_store& to, const conversation_id& in, const position_update& position) {
  commit(to, {.conversation = in, .positions = {position}});
}

void raise(log_store& to, const conversation_id& in, const cursor_update& cursor) {
  commit(to, {.conversation = in, .cursors = {cursor}});
}

std::vector<entry> whole_log(log_store& of, const conversation_id& id) {
  return of.read(id, {.limit = 1'000'000}).value();
}

std::vector<seq_no> seqs_of(const std::vector<entry>& entries) {
  std::vector<seq_no> seqs;
  for (const auto& entry : entries) seqs.push_back(entry.seq);
  return seqs;
}

} // namespace parley::tests

#include "tests/unit/core/sample.hpp"

#include <doctest/doctest.h>

#include <parley/encoder.hpp>

namespace parley::tests {

timestamp moment(std::int64_t millis) { return from_millis(1'790'000'000'000 + millis); }

conversation_id conversation_number(std::uint8_t number) {
  conversation_id id;
  id.value.bytes.back() = number;
  return id;
}

client_id client_number(std::uint8_t number) {
  client_id id;
  id.value.bytes.front() = number;
  return id;
}

fingerprint print_number(std::uint8_t number) {
  fingerprint print{};
  print.front() = number;
  return print;
}

entry message(const conversation_id& in, seq_no seq, const user_id& author, timestamp at) {
  return {.conversation = in,
          .seq = seq,
          .kind = entry_kind::message,
          .author = author,
          .client = std::nullopt,
          .target = 0,
          .body = R"({"text":"hi"})",
          .at = at,
          .countable = true,
          .print = {}};
}

entry membership(const conversation_id& in, seq_no seq, const user_id& author, const member_change& change) {
  auto item = message(in, seq, author);
  item.kind = entry_kind::member;
  item.body = encode_body(change);
  item.countable = false;
  return item;
}

conversation_state group_of(const conversation_id& id, const std::vector<std::pair<user_id, role>>& users) {
  conversation_snapshot snapshot{.record = {.id = id, .kind = conversation_kind::group, .title = "lunch"},
                                 .members = {},
                                 .head = 1,
                                 .newest_at = moment(0)};
  for (const auto& [user, as] : users) snapshot.members.push_back({.user = user, .role = as, .joined = 1});
  return conversation_state{std::move(snapshot)};
}

conversation_state direct_of(const conversation_id& id, const user_id& one, const user_id& other) {
  conversation_state state{id};
  state.become_direct(one, other, moment(0));
  return state;
}

} // namespace parley::tests

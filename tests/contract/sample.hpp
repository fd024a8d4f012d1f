/// Small conversations to test with.

#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

#include <parley/log_store.hpp>

namespace parley::tests {

inline const user_id ann{"ann"};
inline const user_id bob{"bob"};
inline const user_id cy{"cy"};
inline const user_id dan{"dan"};
inline const device_id phone{"phone"};
inline const device_id tablet{"tablet"};

/// So many milliseconds after the time at which the tests begin.
[[nodiscard]] timestamp moment(std::int64_t millis);
/// The same number makes the same id; greater numbers make greater ids.
[[nodiscard]] conversation_id conversation_number(std::uint8_t number);
[[nodiscard]] client_id client_number(std::uint8_t number);
[[nodiscard]] file_id file_number(std::uint8_t number);

struct message_fields {
  user_id author = ann;
  std::string text = "hi";
  std::optional<client_id> client;
  timestamp at = moment(0);
  bool countable = true;
};
[[nodiscard]] entry message(const conversation_id& in, seq_no seq, const message_fields& fields = {});

/// An entry about another one: an edit (with `fields.text` as the new text), deletion or reaction.
[[nodiscard]] entry change(const conversation_id& in, seq_no seq, entry_kind kind, seq_no target,
                           const message_fields& fields = {});

/// A write of `count` messages from `first` on.
[[nodiscard]] conversation_write messages(const conversation_id& in, seq_no first, seq_no count,
                                          const message_fields& fields = {});

/// A group that begins with an entry at seq 1, by which `users` are members; the first one owns it.
[[nodiscard]] conversation_write founding(const conversation_id& id, std::initializer_list<user_id> users);

/// Writes one conversation.
[[nodiscard]] result<write_outcome> write(log_store& to, const conversation_write& one);
/// Writes what has to succeed.
void commit(log_store& to, const conversation_write& one);
void raise(log_store& to, const conversation_id& in, const position_update& position);
void raise(log_store& to, const conversation_id& in, const cursor_update& cursor);

template <class Outcome> [[nodiscard]] bool is(const result<write_outcome>& outcome) {
  return outcome && std::holds_alternative<Outcome>(*outcome);
}
/// Whether it failed with this code.
template <class T> [[nodiscard]] bool failed(const result<T>& outcome, errc code) {
  return !outcome && outcome.error().code == code;
}

[[nodiscard]] std::vector<entry> whole_log(log_store& of, const conversation_id& id);
[[nodiscard]] std::vector<seq_no> seqs_of(const std::vector<entry>& entries);

} // namespace parley::tests

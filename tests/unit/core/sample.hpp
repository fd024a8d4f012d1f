/// Small values to test with.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <parley/conversation_state.hpp>
#include <parley/frames.hpp>

#include "tests/unit/core/session_number.hpp"

namespace parley::tests {

inline const user_id ann{"ann"};
inline const user_id bob{"bob"};
inline const user_id cy{"cy"};

/// So many milliseconds after the time at which the tests begin.
[[nodiscard]] timestamp moment(std::int64_t millis);
/// The same number makes the same id.
[[nodiscard]] conversation_id conversation_number(std::uint8_t number);
[[nodiscard]] client_id client_number(std::uint8_t number);
[[nodiscard]] fingerprint print_number(std::uint8_t number);

[[nodiscard]] entry message(const conversation_id& in, seq_no seq, const user_id& author, timestamp at = moment(0));
/// An entry of kind `member`, written by `author`.
[[nodiscard]] entry membership(const conversation_id& in, seq_no seq, const user_id& author,
                               const member_change& change);

/// A group with its first entry folded; the first user owns it, the others have the role that stands beside them.
[[nodiscard]] conversation_state group_of(const conversation_id& id,
                                          const std::vector<std::pair<user_id, role>>& users);
/// A direct conversation without entries.
[[nodiscard]] conversation_state direct_of(const conversation_id& id, const user_id& one, const user_id& other);

} // namespace parley::tests

/// Which parts of a log are meant for a member. Pure.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <parley/model.hpp>

namespace parley::persistence {

/// The entries that `history` shows to `self`, both ends included.
[[nodiscard]] membership_span readable_span(const member& self, history_policy history, seq_no head);

/// What somebody who has everything up to `cursor` lacks of the times at which `self` was a member; oldest first, both
/// ends included, none of them empty.
[[nodiscard]] std::vector<membership_span> owed_spans(const member& self, seq_no cursor, seq_no head);

/// `1-8,20-31`, as the column `earlier` of members has them, and back.
[[nodiscard]] std::string to_text(const std::vector<membership_span>& spans);
[[nodiscard]] std::vector<membership_span> spans_of(std::string_view text);

} // namespace parley::persistence

/// Entries of a log in words.

#pragma once

#include <string>
#include <string_view>

#include <boost/json/object.hpp>

namespace parley::ctl {

/// Whether frames of this type are entries of a log.
[[nodiscard]] bool is_entry(std::string_view type);

/// The text of a message, or what another entry does: `added cy`.
[[nodiscard]] std::string entry_text(const boost::json::object& entry);

/// `text` for a terminal: what others wrote must not move the cursor or worse. Control characters become U+FFFD, ends
/// of lines `⏎`.
[[nodiscard]] std::string printable(std::string_view text);

} // namespace parley::ctl

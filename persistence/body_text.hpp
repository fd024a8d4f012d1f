/// The text of a message, out of the body of its entry.

#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace parley::persistence {

/// The field `text` of `body`, a JSON object as the codec writes it (without spaces), for searching: control
/// characters become spaces. Nothing if there is no such field, as in a body that was erased.
[[nodiscard]] std::optional<std::string> text_of(std::string_view body);

} // namespace parley::persistence

/// The one question that must not be seen being answered.

#pragma once

#include <string>

#include <parley/error.hpp>

namespace parley::ctl {

/// Asks at the terminal, whatever stdin and stdout are, without showing what is typed. `unauthenticated` when there is
/// no terminal.
[[nodiscard]] result<std::string> ask_for_password(const std::string& question);

} // namespace parley::ctl

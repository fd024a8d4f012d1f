/// How a command ends: its exit code, and what stands on stdout and stderr.

#pragma once

#include <string_view>

#include <parley/error.hpp>

namespace parley::ctl {

enum exit_code { done = 0, failed = 1, timed_out = 2 };

/// One line on stderr. Gives the exit code: `timed_out` for `timeout`, else `failed`.
int tell(const error& why);

/// One line on stdout, at once: whoever reads a pipe waits for it.
void print_line(std::string_view line);

} // namespace parley::ctl

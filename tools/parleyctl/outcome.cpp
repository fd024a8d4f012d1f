#include "tools/parleyctl/outcome.hpp"

#include <cstdio>

#include <fmt/format.h>

#include "tools/parleyctl/entry_text.hpp"

namespace parley::ctl {

int tell(const error& why) {
  fmt::print(stderr, "parleyctl: {}\n", printable(why.detail));
  return why.code == errc::timeout ? timed_out : failed;
}

void print_line(std::string_view line) {
  fmt::print("{}\n", line);
  std::fflush(stdout);
}

} // namespace parley::ctl

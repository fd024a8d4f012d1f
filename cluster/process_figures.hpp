/// What the system says about this process.

#pragma once

#include <cstdint>
#include <optional>

namespace parley::cluster {

struct process_figures {
  double cpu_seconds = 0;
  std::uint64_t resident_bytes = 0;
};

/// Nothing where there is no `/proc`.
[[nodiscard]] std::optional<process_figures> figures_of_this_process();

} // namespace parley::cluster

#include "cluster/process_figures.hpp"

#include <fstream>

#include <sys/resource.h>
#include <unistd.h>

namespace parley::cluster {

namespace {

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

} // namespace

std::optional<process_figures> figures_of_this_process() {
  rusage used{};
  if (::getrusage(RUSAGE_SELF, &used) != 0) return std::nullopt;
  // The first two numbers are the pages of the whole and of the resident part; `ru_maxrss` would be the highest ever.
  std::ifstream pages{"/proc/self/statm"};
  std::uint64_t whole = 0, resident = 0;
  if (!(pages >> whole >> resident)) return std::nullopt;
  return process_figures{seconds(used.ru_utime) + seconds(used.ru_stime),
                         resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE))};
}

} // namespace parley::cluster

#include <parley/ensure.hpp>

#include <fmt/format.h>

namespace parley {

void ensure(bool condition, const char* sentence, std::source_location place) {
  if (!condition) throw defect{fmt::format("{} ({}:{})", sentence, place.file_name(), place.line())};
}

} // namespace parley

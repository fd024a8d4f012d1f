#include "cluster/wire/reading.hpp"

#include <utility>

#include <fmt/format.h>

namespace parley::cluster::wire {

void reading::refuse_absence(std::string_view field) {
  refuse(errc::unknown_type, fmt::format("{} is absent, or of a kind that only a newer version knows", field));
}

void reading::refuse_bytes(std::string_view field, std::size_t size) {
  refuse(errc::bad_frame, fmt::format("{} cannot have {} bytes", field, size));
}

void reading::refuse_number(std::string_view field, int number) {
  refuse(errc::unknown_type, fmt::format("{} has the number {}, which only a newer version knows", field, number));
}

void reading::refuse(errc code, std::string detail) {
  if (!problem_) problem_ = error{code, std::move(detail), {}, {}};
}

} // namespace parley::cluster::wire

#include "tests/unit/cluster/wire/filler.hpp"

namespace parley::tests {

void filler::fill(bool& to) {
  if (how_ == filling::everything) to = !to;
  if (how_ == filling::anything) to = below(2) == 0;
}

void filler::fill(std::uint64_t& to) {
  if (how_ == filling::nothing) return;
  // Numbers of all sizes; a uniform one is nearly always large.
  to = random_() >> below(64);
  if (how_ == filling::everything && to == 0) to = 1;
}

void filler::fill(std::string& to) {
  if (how_ == filling::nothing) return;
  const auto shortest = how_ == filling::everything ? 1 : 0;
  // Any bytes: what people write may be cut in the middle of a letter.
  to.resize(shortest + below(below(20) == 0 ? 2'000 : 40));
  for (auto& byte : to) byte = static_cast<char>(below(256));
}

void filler::fill(uuid& to) { fill(to.bytes); }

void filler::fill(fingerprint& to) {
  if (how_ == filling::nothing || (how_ == filling::anything && below(8) == 0)) return;
  for (auto& byte : to) byte = static_cast<std::uint8_t>(below(256));
  to.front() |= 1;
}

void filler::fill(timestamp& to) {
  std::chrono::milliseconds since{};
  fill(since);
  to = timestamp{since};
}

void filler::fill(std::chrono::milliseconds& to) {
  if (how_ == filling::nothing) return;
  std::uint64_t bits = 0;
  fill(bits);
  to = std::chrono::milliseconds{static_cast<std::int64_t>(bits)};
}

} // namespace parley::tests

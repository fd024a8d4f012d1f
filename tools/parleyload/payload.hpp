/// The texts that a run sends. Each says which it is and carries a checksum, so that a wrong, truncated or foreign text
/// is seen by whoever receives it.
///
///     <run> <pair> <number> <checksum, 16 hexadecimal digits> <filling>

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace parley::load {

struct payload_id {
  std::uint32_t pair = 0;
  /// Counts the messages of the pair from 0.
  std::uint64_t number = 0;

  friend bool operator==(const payload_id&, const payload_id&) = default;
};

/// The texts of one run, all of the same size. They need no escapes in JSON.
class payloads {
public:
  static constexpr std::size_t bytes_min = 64, bytes_max = 16384;

  /// `run`: letters and digits, at most 12. `bytes`: within the bounds.
  payloads(std::string run, std::size_t bytes);

  void append(std::string& out, const payload_id& id) const;
  /// Whose text it is; nothing unless every byte is as `append` writes it.
  [[nodiscard]] std::optional<payload_id> read(std::string_view text) const;

private:
  [[nodiscard]] std::string_view filling_of(const payload_id& id, std::size_t bytes) const;
  [[nodiscard]] std::uint64_t checksum_of(const payload_id& id, std::string_view filling) const;

  std::string run_;
  std::size_t bytes_;
  std::string letters_;
};

} // namespace parley::load

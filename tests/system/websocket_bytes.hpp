/// Frames of the WebSocket protocol as bytes (RFC 6455, section 5.2), for tests that send what no proper client would.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace parley::tests {

enum class opcode : std::uint8_t { continuation = 0, text = 1, binary = 2, close = 8, ping = 9 };

struct frame_header {
  tests::opcode opcode = opcode::text;
  bool is_last = true;
  bool is_masked = true;
  std::uint8_t reserved = 0;
};

/// The mask is zero, so the payload stays as it is.
[[nodiscard]] inline std::string frame_bytes(const frame_header& header, std::string_view payload) {
  std::string bytes;
  const auto add = [&](unsigned byte) { bytes.push_back(static_cast<char>(byte)); };
  add((header.is_last ? 0x80U : 0U) | header.reserved | static_cast<unsigned>(header.opcode));
  const auto mask = header.is_masked ? 0x80U : 0U;
  const auto size = payload.size();
  if (size < 126) {
    add(mask | static_cast<unsigned>(size));
  } else {
    const auto width = size < 65'536 ? 2 : 8;
    add(mask | (width == 2 ? 126U : 127U));
    for (int shift = (width - 1) * 8; shift >= 0; shift -= 8) add(static_cast<unsigned>(size >> shift) & 0xffU);
  }
  if (header.is_masked) bytes.append(4, '\0');
  return bytes.append(payload);
}

} // namespace parley::tests

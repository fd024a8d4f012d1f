/// Frames as a client writes them (RFC 6455, section 5.2), right or wrong, and what a parser makes of them.

#pragma once

#include "net/websocket_framing.hpp"

#include <fmt/format.h>

#include <random>
#include <string>
#include <vector>

namespace parley::testing {

struct client_frame_shape {
  unsigned opcode = 1;
  bool is_last = true;
  unsigned reserved = 0;
  bool is_masked = true;
  /// Bytes of the length behind the first: 0, 2 or 8; -1: as few as it needs.
  int length_width = -1;
};

[[nodiscard]] inline std::string client_bytes(const client_frame_shape& shape, std::string_view payload) {
  static constexpr std::string_view mask{"\x37\xfa\x21\x3d", 4};
  const auto size = payload.size();
  const auto width = shape.length_width >= 0 ? shape.length_width : size < 126 ? 0 : size < 65'536 ? 2 : 8;
  std::string bytes;
  const auto add = [&bytes](std::size_t byte) { bytes.push_back(static_cast<char>(byte & 0xffU)); };
  add((shape.is_last ? 0x80U : 0U) | shape.reserved << 4U | shape.opcode);
  add((shape.is_masked ? 0x80U : 0U) | (width == 0 ? size : width == 2 ? 126U : 127U));
  for (auto left = width; left > 0; --left) add(size >> (8 * static_cast<unsigned>(left - 1)));
  if (!shape.is_masked) return bytes.append(payload);
  bytes += mask;
  for (std::size_t i = 0; i < size; ++i) bytes.push_back(static_cast<char>(payload[i] ^ mask[i % 4]));
  return bytes;
}

[[nodiscard]] inline std::string client_close(unsigned code, std::string_view reason = {}) {
  std::string payload{static_cast<char>(code >> 8U), static_cast<char>(code & 0xffU)};
  return client_bytes({.opcode = 8}, payload.append(reason));
}

/// An event in words: `text hello`, `ping`, `close 1000 bye`, `broken 1002`.
[[nodiscard]] inline std::string in_words(const net::websocket_event& event) {
  using kind = net::websocket_event::kind;
  switch (event.what) {
  case kind::need_more: return "nothing";
  case kind::text: return fmt::format("text {}", event.payload);
  case kind::binary: return fmt::format("binary {}", event.payload);
  case kind::ping: return fmt::format("ping {}", event.payload);
  case kind::pong: return fmt::format("pong {}", event.payload);
  case kind::close: return fmt::format("close {} {}", event.code, event.payload);
  case kind::broken: return fmt::format("broken {}", event.code);
  }
  return {};
}

/// What comes of `bytes` when they arrive in pieces as long as `next_size` says. Nothing is given after the end.
template <class NextSize>
[[nodiscard]] std::vector<std::string> events_of(std::string bytes, NextSize next_size, std::size_t message_max) {
  net::websocket_parser parser{message_max};
  std::vector<std::string> events;
  for (std::size_t at = 0; at < bytes.size();) {
    const auto size = std::min<std::size_t>(next_size(), bytes.size() - at);
    // Of its own, so that the sanitizers see who reads beyond it.
    std::vector<char> piece{bytes.begin() + static_cast<std::ptrdiff_t>(at),
                            bytes.begin() + static_cast<std::ptrdiff_t>(at + size)};
    at += size;
    for (std::span<char> rest{piece};;) {
      const auto event = parser.next(rest);
      if (event.what == net::websocket_event::kind::need_more) break;
      events.push_back(in_words(event));
      if (event.what == net::websocket_event::kind::broken) return events;
    }
  }
  return events;
}

} // namespace parley::testing

/// WebSocket frames (RFC 6455, section 5) as a client writes and reads them.
///
///      0                   1                   2                   3
///     +-+-+-+-+-------+-+-------------+-------------------------------+
///     |F|R|R|R| opcode|M| length (7)  | length (16 if 126, 64 if 127) |
///     |I|S|S|S|  (4)  |A|             |                               |
///     |N|V|V|V|       |S|             | mask (32, client to server)   |
///     +-+-+-+-+-------+-+-------------+-------------------------------+
///     | payload                                                       |
///     +---------------------------------------------------------------+

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <parley/error.hpp>

namespace parley::client {

enum class opcode : std::uint8_t { continuation = 0, text = 1, binary = 2, close = 8, ping = 9, pong = 10 };

/// Appends one whole frame, masked with `mask`.
void append_frame(std::string& out, opcode kind, std::string_view payload, std::uint32_t mask);

/// The payload of a close frame.
[[nodiscard]] std::string close_payload(std::uint16_t code, std::string_view reason);

/// One message, or a control frame. The payload is valid until the reader or the bytes it was given change.
struct received_frame {
  opcode kind = opcode::text;
  std::string_view payload;
};

/// Puts messages together from what a server sends. It holds bytes only between the fragments of a message.
class frame_reader {
public:
  explicit frame_reader(std::size_t message_bytes_max) : message_bytes_max_{message_bytes_max} {}

  /// Takes one message or control frame from the front of `bytes`; nothing when more bytes are needed (what is left in
  /// `bytes` then has to be given again, with more behind it). A server that breaks the rules is `bad_frame`, a message
  /// above the bound `too_large`; the reader is of no use after that.
  [[nodiscard]] result<std::optional<received_frame>> next(std::string_view& bytes);

private:
  [[nodiscard]] result<void> accept_fragment(opcode kind, bool final, std::string_view payload);

  std::size_t message_bytes_max_;
  std::string assembled_;
  std::optional<opcode> fragmented_; // the kind of the message that waits for more fragments
  bool delivered_ = false;           // `assembled_` was handed out and can go
};

} // namespace parley::client

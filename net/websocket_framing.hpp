/// WebSocket frames (RFC 6455, section 5) as a server reads and writes them. Pure: bytes in, bytes out.
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

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "net/websocket_bytes.hpp"

namespace parley::net {

enum class websocket_opcode : std::uint8_t { continuation = 0, text = 1, binary = 2, close = 8, ping = 9, pong = 10 };

// What a close says about the framing (RFC 6455, section 7.4.1).
inline constexpr std::uint16_t close_protocol_error = 1'002, close_not_utf8 = 1'007, close_too_big = 1'009;
/// The client's close named none; never on the wire.
inline constexpr std::uint16_t close_without_code = 1'005;

struct websocket_header {
  std::array<char, 10> bytes{};
  std::uint8_t size = 0;

  [[nodiscard]] std::string_view text() const { return {bytes.data(), size}; }
};

/// What comes before the payload of an unfragmented frame of a server: 2, 4 or 10 bytes.
[[nodiscard]] websocket_header server_header(websocket_opcode kind, std::uint64_t payload_bytes);

/// The payload of a close frame. A reason that is too long for a control frame is cut, not within a character.
[[nodiscard]] std::string close_payload(std::uint16_t code, std::string_view reason);

/// Whether bytes that come in pieces are UTF-8.
class utf8_check {
public:
  /// False as soon as no text can begin like this; of no use after that.
  [[nodiscard]] bool take(std::string_view part);
  /// The last character is complete.
  [[nodiscard]] bool is_whole() const { return missing_ == 0; }

private:
  [[nodiscard]] bool begin(std::uint8_t first);

  std::uint8_t missing_ = 0;
  // Bounds of the next byte of a character.
  std::uint8_t low_ = 0x80;
  std::uint8_t high_ = 0xbf;
};

struct websocket_event {
  enum class kind : std::uint8_t {
    /// All bytes are taken; nothing is complete.
    need_more,
    text,
    binary,
    ping,
    pong,
    close,
    /// The client breaks the rules: close with `code`. Every further call says the same.
    broken,
  };

  kind what = kind::need_more;
  /// Of a message, ping or pong; the reason of a close.
  std::string_view payload{};
  /// Of a close or `broken`.
  std::uint16_t code = 0;
};

/// Puts the messages of one client together. Holds memory only for a message or a control frame of which a part has
/// come: at most the bound of a message and 131 bytes.
class websocket_parser {
public:
  explicit websocket_parser(std::size_t message_bytes_max) : message_bytes_max_{message_bytes_max} {}

  /// Takes bytes from the front of `bytes`, which it changes, up to the end of the next message or control frame. The
  /// event's payload lies in the bytes or in the parser, until the next call or `release`.
  [[nodiscard]] websocket_event next(std::span<char>& bytes);
  /// Gives back the memory of the last event.
  void release();

private:
  [[nodiscard]] std::span<char> take_front(std::span<char>& bytes);
  [[nodiscard]] websocket_event take_control(std::span<char> frame);
  [[nodiscard]] websocket_event take_close(std::string_view payload);
  [[nodiscard]] std::uint16_t begin_payload(std::span<const char> header);
  [[nodiscard]] websocket_event take_payload(std::span<char>& bytes);
  [[nodiscard]] websocket_event fail_with(std::uint16_t code);
  void unmask(std::span<char> part);

  std::size_t message_bytes_max_;
  /// The beginning of a frame: of its header, or of a control frame.
  std::string front_;
  /// What has come of a message that is not complete.
  std::string message_;
  std::uint64_t payload_left_ = 0;
  websocket_mask mask_{};
  std::uint8_t mask_at_ = 0;
  utf8_check utf8_;
  websocket_opcode message_kind_ = websocket_opcode::text;
  bool in_message_ = false;
  bool in_payload_ = false;
  bool is_last_ = false;
  // Handed out with the last event.
  bool front_is_used_ = false;
  bool message_is_used_ = false;
  /// 0: the client keeps to the rules.
  std::uint16_t broken_with_ = 0;
};

} // namespace parley::net

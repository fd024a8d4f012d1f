#include "net/websocket_framing.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace parley::net {

namespace {

using event_kind = websocket_event::kind;

constexpr unsigned last_bit = 0x80, reserved_bits = 0x70, opcode_bits = 0x0f, mask_bit = 0x80, length_bits = 0x7f;
constexpr std::size_t control_payload_max = 125, mask_bytes = 4;

unsigned byte_at(std::span<const char> bytes, std::size_t at) { return static_cast<std::uint8_t>(bytes[at]); }

bool is_control(unsigned opcode) { return opcode >= 8; }

/// What two bytes say already: false if no frame of a client begins with them.
bool may_begin(unsigned first, unsigned second) {
  const auto opcode = first & opcode_bits;
  if ((first & reserved_bits) != 0 || (second & mask_bit) == 0) return false;
  if (!is_control(opcode)) return opcode <= 2;
  return opcode <= 10 && (first & last_bit) != 0 && (second & length_bits) <= control_payload_max;
}

std::size_t length_bytes(unsigned second) {
  const auto length = second & length_bits;
  return length == 126 ? 2 : length == 127 ? 8 : 0;
}

/// How much of a frame is looked at in one piece: its header, and of a control frame all. 2: that is not known yet, or
/// the frame is refused.
std::size_t front_bytes(std::span<const char> start) {
  if (start.size() < 2 || !may_begin(byte_at(start, 0), byte_at(start, 1))) return 2;
  const auto second = byte_at(start, 1);
  return 2 + length_bytes(second) + mask_bytes +
         (is_control(byte_at(start, 0) & opcode_bits) ? second & length_bits : 0);
}

/// RFC 6455, section 7.4, and those that IANA lists since.
bool may_be_sent(std::uint64_t code) {
  return (code >= 1'000 && code <= 1'003) || (code >= 1'007 && code <= 1'014) || (code >= 3'000 && code <= 4'999);
}

} // namespace

websocket_header server_header(websocket_opcode kind, std::uint64_t payload_bytes) {
  websocket_header header;
  auto add = [&header](std::uint64_t byte) { header.bytes[header.size++] = static_cast<char>(byte & 0xffU); };
  add(last_bit | static_cast<unsigned>(kind));
  unsigned width = 0;
  if (payload_bytes <= 125) {
    add(payload_bytes);
  } else {
    width = payload_bytes <= 0xffff ? 2 : 8;
    add(width == 2 ? 126 : 127);
  }
  while (width > 0) add(payload_bytes >> (8 * --width));
  return header;
}

std::string close_payload(std::uint16_t code, std::string_view reason) {
  auto size = std::min(reason.size(), control_payload_max - 2);
  // Not in the middle of a character: the client would find broken UTF-8.
  while (size < reason.size() && size > 0 && (byte_at(reason, size) & 0xc0U) == 0x80U) --size;
  std::string payload{static_cast<char>(code >> 8), static_cast<char>(code & 0xffU)};
  return payload.append(reason.substr(0, size));
}

// UTF-8. --------------------------------------------------------------------------------------------------------------

bool utf8_check::take(std::string_view part) {
  constexpr std::uint64_t high_bits = 0x8080'8080'8080'8080;
  const auto* at = part.data();
  const auto* const end = at + part.size();
  while (at != end) {
    if (missing_ == 0) {
      // Most text is ASCII.
      for (std::uint64_t word = 0; end - at >= 8; at += 8) {
        std::memcpy(&word, at, 8);
        if ((word & high_bits) != 0) break;
      }
      if (at == end) break;
    }
    const auto next = static_cast<std::uint8_t>(*at++);
    if (missing_ == 0) {
      if (next >= 0x80 && !begin(next)) return false;
    } else {
      if (next < low_ || next > high_) return false;
      --missing_;
      low_ = 0x80;
      high_ = 0xbf;
    }
  }
  return true;
}

bool utf8_check::begin(std::uint8_t first) {
  if (first < 0xc2 || first > 0xf4) return false;
  missing_ = first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
  // Neither longer than needed, nor half a surrogate pair, nor beyond the last code point.
  if (first == 0xe0) low_ = 0xa0;
  if (first == 0xed) high_ = 0x9f;
  if (first == 0xf0) low_ = 0x90;
  if (first == 0xf4) high_ = 0x8f;
  return true;
}

// The parser. ---------------------------------------------------------------------------------------------------------

websocket_event websocket_parser::next(std::span<char>& bytes) {
  release();
  while (broken_with_ == 0) {
    if (!in_payload_) {
      const auto front = take_front(bytes);
      if (front.empty()) return {};
      if (front.size() == 2) return fail_with(close_protocol_error);
      if (is_control(byte_at(front, 0) & opcode_bits)) return take_control(front);
      const auto problem = begin_payload(front);
      front_.clear();
      if (problem != 0) return fail_with(problem);
    }
    if (const auto event = take_payload(bytes); event.what != event_kind::need_more) return event;
    if (in_payload_) return {};
  }
  return fail_with(broken_with_);
}

void websocket_parser::release() {
  if (std::exchange(front_is_used_, false)) front_ = {};
  if (std::exchange(message_is_used_, false)) message_ = {};
}

std::span<char> websocket_parser::take_front(std::span<char>& bytes) {
  const auto take = [&bytes](std::size_t count) {
    const auto part = bytes.first(count);
    bytes = bytes.subspan(count);
    return part;
  };
  if (front_.empty())
    if (const auto size = front_bytes(bytes); size <= bytes.size()) return take(size);
  for (std::size_t size = 0; (size = front_bytes(front_)) > front_.size();) {
    if (bytes.empty()) return {};
    const auto part = take(std::min(size - front_.size(), bytes.size()));
    front_.append(part.data(), part.size());
  }
  return front_;
}

websocket_event websocket_parser::take_control(std::span<char> frame) {
  front_is_used_ = !front_.empty();
  std::copy_n(frame.begin() + 2, mask_bytes, mask_.begin());
  mask_at_ = 0;
  const auto payload = frame.subspan(2 + mask_bytes);
  unmask(payload);
  const std::string_view text{payload.data(), payload.size()};
  switch (static_cast<websocket_opcode>(byte_at(frame, 0) & opcode_bits)) {
  case websocket_opcode::ping: return {event_kind::ping, text};
  case websocket_opcode::pong: return {event_kind::pong, text};
  default: return take_close(text);
  }
}

websocket_event websocket_parser::take_close(std::string_view payload) {
  if (payload.empty()) return {event_kind::close, {}, close_without_code};
  if (payload.size() == 1) return fail_with(close_protocol_error);
  const auto code = big_endian(payload.substr(0, 2));
  if (!may_be_sent(code)) return fail_with(close_protocol_error);
  const auto reason = payload.substr(2);
  utf8_check check;
  if (!check.take(reason) || !check.is_whole()) return fail_with(close_not_utf8);
  return {event_kind::close, reason, static_cast<std::uint16_t>(code)};
}

/// With what to close, or 0.
std::uint16_t websocket_parser::begin_payload(std::span<const char> header) {
  const auto kind = static_cast<websocket_opcode>(byte_at(header, 0) & opcode_bits);
  // A message ends before the next one begins.
  if ((kind == websocket_opcode::continuation) != in_message_) return close_protocol_error;
  const auto second = byte_at(header, 1);
  const auto width = length_bytes(second);
  const auto length = width == 0 ? second & length_bits : big_endian(header.subspan(2, width));
  // The shortest form has to be used, and the highest bit is none of the number.
  if ((width == 2 && length < 126) || (width == 8 && (length <= 0xffff || length >> 63 != 0)))
    return close_protocol_error;
  if (length > message_bytes_max_ || message_.size() + length > message_bytes_max_) return close_too_big;

  if (!std::exchange(in_message_, true)) {
    message_kind_ = kind;
    utf8_ = {};
  }
  is_last_ = (byte_at(header, 0) & last_bit) != 0;
  payload_left_ = length;
  in_payload_ = true;
  std::copy_n(header.begin() + static_cast<std::ptrdiff_t>(2 + width), mask_bytes, mask_.begin());
  mask_at_ = 0;
  return 0;
}

websocket_event websocket_parser::take_payload(std::span<char>& bytes) {
  const auto part = bytes.first(static_cast<std::size_t>(std::min<std::uint64_t>(payload_left_, bytes.size())));
  bytes = bytes.subspan(part.size());
  payload_left_ -= part.size();
  unmask(part);
  const std::string_view text{part.data(), part.size()};
  const auto is_text = message_kind_ == websocket_opcode::text;
  if (is_text && !utf8_.take(text)) return fail_with(close_not_utf8);
  in_payload_ = payload_left_ > 0;
  if (in_payload_ || !is_last_) {
    message_.append(text);
    return {};
  }
  in_message_ = false;
  if (is_text && !utf8_.is_whole()) return fail_with(close_not_utf8);
  const auto kind = is_text ? event_kind::text : event_kind::binary;
  // The usual case: the message came in one piece and is used where it lies.
  if (message_.empty()) return {kind, text};
  message_is_used_ = true;
  return {kind, message_.append(text)};
}

websocket_event websocket_parser::fail_with(std::uint16_t code) {
  broken_with_ = code;
  front_ = {};
  message_ = {};
  return {event_kind::broken, {}, code};
}

void websocket_parser::unmask(std::span<char> part) {
  apply_mask(part, mask_, mask_at_);
  mask_at_ = static_cast<std::uint8_t>((mask_at_ + part.size()) % mask_bytes);
}

} // namespace parley::net

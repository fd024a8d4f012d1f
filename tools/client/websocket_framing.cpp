#include "tools/client/websocket_framing.hpp"

#include <cstring>
#include <span>

#include "net/websocket_bytes.hpp"

namespace parley::client {

namespace {

constexpr std::uint8_t final_bit = 0x80, reserved_bits = 0x70, opcode_bits = 0x0f;
constexpr std::uint8_t mask_bit = 0x80, length_bits = 0x7f;
constexpr std::size_t control_payload_max = 125;

struct header {
  bool final = true;
  opcode kind = opcode::text;
  std::uint64_t payload_bytes = 0;
  std::size_t bytes = 2;
};

bool is_control(opcode kind) { return static_cast<std::uint8_t>(kind) >= 8; }

bool is_known(opcode kind) {
  switch (kind) {
  case opcode::continuation:
  case opcode::text:
  case opcode::binary:
  case opcode::close:
  case opcode::ping:
  case opcode::pong: return true;
  }
  return false;
}

void append_big_endian(std::string& out, std::uint64_t value, unsigned bytes) {
  while (bytes-- > 0) out.push_back(static_cast<char>(value >> (8 * bytes)));
}

// Nothing while the header is not complete.
result<std::optional<header>> read_header(std::string_view bytes) {
  if (bytes.size() < 2) return std::nullopt;
  const auto first = static_cast<std::uint8_t>(bytes[0]), second = static_cast<std::uint8_t>(bytes[1]);
  header head{.final = (first & final_bit) != 0, .kind = static_cast<opcode>(first & opcode_bits)};
  if ((first & reserved_bits) != 0) return fail(errc::bad_frame, "a reserved bit is set");
  if (!is_known(head.kind)) return fail(errc::bad_frame, "unknown opcode");
  if ((second & mask_bit) != 0) return fail(errc::bad_frame, "a server must not mask");

  const auto length = second & length_bits;
  const std::size_t extended = length == 126 ? 2 : length == 127 ? 8 : 0;
  head.bytes += extended;
  if (bytes.size() < head.bytes) return std::nullopt;
  head.payload_bytes = extended == 0 ? length : net::big_endian(bytes.substr(2, extended));
  if ((extended == 2 && head.payload_bytes < 126) || (extended == 8 && head.payload_bytes <= 0xffff))
    return fail(errc::bad_frame, "the length is not in its shortest form");
  if (is_control(head.kind) && (!head.final || head.payload_bytes > control_payload_max))
    return fail(errc::bad_frame, "a control frame is fragmented or too long");
  return head;
}

} // namespace

void append_frame(std::string& out, opcode kind, std::string_view payload, std::uint32_t mask) {
  out.push_back(static_cast<char>(final_bit | static_cast<std::uint8_t>(kind)));
  if (payload.size() < 126) {
    out.push_back(static_cast<char>(mask_bit | payload.size()));
  } else if (payload.size() <= 0xffff) {
    out.push_back(static_cast<char>(mask_bit | 126));
    append_big_endian(out, payload.size(), 2);
  } else {
    out.push_back(static_cast<char>(mask_bit | 127));
    append_big_endian(out, payload.size(), 8);
  }
  append_big_endian(out, mask, 4);
  net::websocket_mask mask_bytes{};
  std::memcpy(mask_bytes.data(), out.data() + out.size() - 4, 4);
  const auto start = out.size();
  out.append(payload);
  net::apply_mask(std::span{out}.subspan(start), mask_bytes);
}

std::string close_payload(std::uint16_t code, std::string_view reason) {
  std::string payload;
  append_big_endian(payload, code, 2);
  payload.append(reason.substr(0, control_payload_max - 2));
  return payload;
}

result<std::optional<received_frame>> frame_reader::next(std::string_view& bytes) {
  if (delivered_) {
    assembled_.clear();
    delivered_ = false;
  }
  while (true) {
    const auto head = read_header(bytes);
    if (!head) return fail(head.error());
    if (!*head) return std::nullopt;
    const auto& [final, kind, payload_bytes, header_bytes] = **head;
    if (payload_bytes > message_bytes_max_) return fail(errc::too_large, "a frame is larger than allowed");
    if (bytes.size() < header_bytes + payload_bytes) return std::nullopt;
    const auto payload = bytes.substr(header_bytes, payload_bytes);
    bytes.remove_prefix(header_bytes + payload_bytes);

    if (is_control(kind)) return received_frame{kind, payload};
    // The usual case, and the only one of our server: a message in one frame is used where it lies.
    if (final && !fragmented_ && kind != opcode::continuation) return received_frame{kind, payload};
    if (const auto accepted = accept_fragment(kind, final, payload); !accepted) return fail(accepted.error());
    if (!final) continue;
    delivered_ = true;
    const auto message_kind = *std::exchange(fragmented_, std::nullopt);
    return received_frame{message_kind, assembled_};
  }
}

result<void> frame_reader::accept_fragment(opcode kind, bool final, std::string_view payload) {
  if ((kind == opcode::continuation) != fragmented_.has_value())
    return fail(errc::bad_frame, "fragments of two messages are mixed");
  if (assembled_.size() + payload.size() > message_bytes_max_)
    return fail(errc::too_large, "a message is larger than allowed");
  if (!fragmented_ && !final) fragmented_ = kind;
  assembled_.append(payload);
  return {};
}

} // namespace parley::client

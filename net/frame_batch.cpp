#include "net/frame_batch.hpp"

#include "net/websocket_framing.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace parley::net {

namespace {

/// A part of its own costs the kernel as much as copying so many bytes costs us.
constexpr std::size_t copied_body_max = 4'096;
/// Around a body: the header before it, and the body, the suffix behind it.
constexpr std::size_t parts_per_frame_max = 3;

websocket_header header_of(const outgoing_frame& frame) {
  switch (frame.kind) {
  case frame_kind::message: return server_header(websocket_opcode::text, frame.size());
  case frame_kind::pong: return server_header(websocket_opcode::pong, frame.size());
  case frame_kind::close: return server_header(websocket_opcode::close, frame.size());
  case frame_kind::raw: break;
  }
  return {};
}

bool is_copied(const outgoing_frame& frame) { return frame.body->size() <= copied_body_max; }

} // namespace

std::size_t bytes_on_wire(const outgoing_frame& frame) { return header_of(frame).size + frame.size(); }

void frame_batch::fill(std::span<const outgoing_frame> frames, std::size_t skip) {
  part_count_ = bytes_ = copied_bytes_ = 0;
  for (const auto& frame : frames) {
    if (!has_room_for(frame)) break;
    add(frame, std::exchange(skip, 0));
  }
}

bool frame_batch::has_room_for(const outgoing_frame& frame) const {
  const auto copies =
      websocket_header{}.bytes.size() + frame.suffix.size() + (is_copied(frame) ? frame.body->size() : 0);
  return part_count_ + parts_per_frame_max <= parts_.size() && copied_bytes_ + copies <= copied_.size();
}

void frame_batch::add(const outgoing_frame& frame, std::size_t skip) {
  copy(header_of(frame).text(), skip);
  if (is_copied(frame))
    copy(*frame.body, skip);
  else
    point_to(*frame.body, skip);
  copy(frame.suffix, skip);
}

void frame_batch::copy(std::string_view text, std::size_t& skip) {
  const auto skipped = std::min(skip, text.size());
  skip -= skipped;
  text.remove_prefix(skipped);
  auto* const to = copied_.data() + copied_bytes_;
  std::memcpy(to, text.data(), text.size());
  copied_bytes_ += text.size();
  add_part(to, text.size());
}

void frame_batch::point_to(std::string_view text, std::size_t& skip) {
  const auto skipped = std::min(skip, text.size());
  skip -= skipped;
  add_part(text.data() + skipped, text.size() - skipped);
}

void frame_batch::add_part(const char* start, std::size_t size) {
  if (size == 0) return;
  bytes_ += size;
  if (part_count_ > 0) {
    auto& last = parts_[part_count_ - 1];
    if (static_cast<const char*>(last.iov_base) + last.iov_len == start) {
      last.iov_len += size;
      return;
    }
  }
  // The kernel only reads it.
  parts_[part_count_++] = {const_cast<char*>(start), size};
}

} // namespace parley::net

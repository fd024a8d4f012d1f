/// Frames of one socket, put together for one system call. Small ones are copied together, large bodies stay where they
/// are. Made once for a thread and used again for each write, so that no connection holds a buffer.

#pragma once

#include "net/outbox.hpp"

#include <sys/uio.h>

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

namespace parley::net {

/// What `frame` is on a WebSocket, its header counted.
[[nodiscard]] std::size_t bytes_on_wire(const outgoing_frame& frame);

class frame_batch {
public:
  frame_batch() = default;
  frame_batch(const frame_batch&) = delete;
  frame_batch& operator=(const frame_batch&) = delete;

  /// Takes as many frames from the front of `frames` as there is room for, at least one, without the first `skip`
  /// bytes. The frames must stay as they are until the batch is written.
  void fill(std::span<const outgoing_frame> frames, std::size_t skip);

  [[nodiscard]] std::span<iovec> parts() { return std::span{parts_}.first(part_count_); }
  [[nodiscard]] std::size_t bytes() const { return bytes_; }

private:
  [[nodiscard]] bool has_room_for(const outgoing_frame& frame) const;
  void add(const outgoing_frame& frame, std::size_t skip);
  void copy(std::string_view text, std::size_t& skip);
  void point_to(std::string_view text, std::size_t& skip);
  void add_part(const char* start, std::size_t size);

  std::array<iovec, 64> parts_;
  std::size_t part_count_ = 0;
  std::size_t bytes_ = 0;
  std::array<char, 65'536> copied_;
  std::size_t copied_bytes_ = 0;
};

} // namespace parley::net

/// Frames waiting for one reader. Lives on the thread of its socket, so it needs no lock.
///
/// Entries stop at the bound (the session then lags); replies always fit, since the requests in flight bound them. So
/// memory per reader is at most the bound, the frame being written, and the answers to `in_flight` requests. An empty
/// box holds no memory.

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace parley::net {

struct outbox_limits {
  std::size_t frames_max = 1'024;
  std::size_t bytes_max = 1'048'576;
};

/// What the bytes of a frame are to the one who reads them.
enum class frame_kind : std::uint8_t {
  message,
  // Of the transport itself.
  pong,
  close,
  /// No frame: bytes that go out as they are.
  raw,
};

/// A frame on its way out: shared bytes, and the suffix that makes it one session's own (may be empty).
struct outgoing_frame {
  std::shared_ptr<const std::string> body;
  std::string suffix;
  /// The session's counter; 0: it carries none.
  std::uint64_t s = 0;
  /// Carries none, and is no answer to a request.
  bool is_notice = false;
  frame_kind kind = frame_kind::message;

  [[nodiscard]] std::size_t size() const { return body->size() + suffix.size(); }
};

class outbox {
public:
  explicit outbox(outbox_limits limits) : limits_{limits} {}

  void push(outgoing_frame frame);
  /// Takes out the oldest frame. The box must not be empty.
  [[nodiscard]] outgoing_frame pop();
  /// Drops all frames but the `count` oldest.
  void keep_first(std::size_t count);

  /// The oldest first; gone with the next change.
  [[nodiscard]] std::span<const outgoing_frame> waiting() const { return std::span{frames_}.subspan(first_); }
  [[nodiscard]] bool is_empty() const { return first_ == frames_.size(); }
  [[nodiscard]] bool is_full() const { return reaches(limits_.frames_max, limits_.bytes_max); }
  [[nodiscard]] bool is_half_full() const { return reaches(limits_.frames_max / 2, limits_.bytes_max / 2); }

private:
  [[nodiscard]] bool reaches(std::size_t frames, std::size_t bytes) const {
    return frames_.size() - first_ >= frames || bytes_ >= bytes;
  }

  outbox_limits limits_;
  std::size_t bytes_ = 0;
  /// Those before `first_` are gone. Not a deque: an empty one costs half a kilobyte, and most readers are idle.
  std::vector<outgoing_frame> frames_;
  std::size_t first_ = 0;
};

} // namespace parley::net

/// What a device may have missed when its transport goes: the latest pushes of a session, in their order.
///
/// Bounded by number and bytes; at the bound the oldest go, and a device that has not got them cannot go on any more.
/// Holds shared frames, so what many sessions keep exists once. Not thread-safe.

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace parley {

struct resume_limits {
  std::size_t pushes_max = 512;
  std::size_t bytes_max = 262'144;
};

class resume_buffer {
public:
  struct kept_push {
    std::shared_ptr<const std::string> open_frame;
    /// Its own counter; of a withheld one the counter at the time of the acknowledgement.
    std::uint64_t s = 0;
    /// It was not sent, because an acknowledgement stood for it.
    bool withheld = false;
  };

  explicit resume_buffer(resume_limits limits = {}) : limits_{limits} {}

  void keep(std::shared_ptr<const std::string> open_frame, std::uint64_t s);
  /// An acknowledgement, written when `s` pushes were, stands for this push: who has no later push may lack both.
  void withhold(std::shared_ptr<const std::string> open_frame, std::uint64_t s);

  /// A device can go on from `s` if it is at least this.
  [[nodiscard]] std::uint64_t floor() const { return floor_; }
  /// Nobody will go on from before `s`.
  void raise_floor(std::uint64_t s);
  /// Takes out everything that a device which has all up to `s` may lack; the rest is forgotten.
  [[nodiscard]] std::vector<kept_push> take_after(std::uint64_t s);

private:
  void add(kept_push push);
  void drop_oldest();

  resume_limits limits_;
  std::uint64_t floor_ = 0;
  std::size_t bytes_ = 0;
  /// Those before `first_` are gone. Not a deque: most sessions are idle, and an empty one costs half a kilobyte.
  std::vector<kept_push> pushes_;
  std::size_t first_ = 0;
};

} // namespace parley

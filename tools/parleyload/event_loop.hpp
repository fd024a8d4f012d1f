/// Watches many sockets in one thread (epoll). What is sent during a turn is written once, at the start of the next, so
/// that the frames of one socket share a system call.

#pragma once

#include <span>
#include <vector>

#include <parley/clock.hpp>

#include "tools/client/tcp.hpp"

namespace parley::load {

/// One who waits for a socket. Has to outlive the loop's last turn.
class socket_owner {
public:
  virtual void on_readable() = 0;
  /// Write what is queued: the socket takes it now, or it was asked for by `flush_later`.
  virtual void flush() = 0;

protected:
  ~socket_owner() = default;
};

class event_loop {
public:
  event_loop();

  /// From now on `owner` hears of `socket`; a closed socket is forgotten by itself.
  void watch(int socket, socket_owner& owner, bool for_writing);
  void watch_again(int socket, socket_owner& owner, bool for_writing);
  /// `owner.flush()` is called before the loop waits next. Call once a turn.
  void flush_later(socket_owner& owner) { flushes_.push_back(&owner); }

  /// Waits until something happens, `until` at the latest, and tells the owners. A signal ends the wait early.
  void turn(instant until);

  /// Room to read into, for whoever is being told.
  [[nodiscard]] std::span<char> scratch() { return scratch_; }

private:
  client::descriptor epoll_;
  std::vector<socket_owner*> flushes_, flushing_;
  std::vector<char> scratch_;
};

} // namespace parley::load

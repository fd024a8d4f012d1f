/// A WebSocket, or what stands for one, as its connection uses it: whole frames, one by one in, in order out. On the
/// thread of its worker.

#pragma once

#include "actors/handles.hpp"
#include "net/outbox.hpp"
#include "net/resume_ticket.hpp"

#include <parley/clock.hpp>

#include <string>
#include <string_view>

namespace parley::net {

class poll_transport;

/// Whom a socket tells. Nothing is told any more after `on_gone` or `frame_socket::drop`.
class frame_listener {
public:
  virtual ~frame_listener() = default;

  /// The upgrade is through.
  virtual void on_open() = 0;
  /// The frame that `read` asked for; `text` is gone with the next `read`.
  virtual void on_frame(std::string_view text, bool is_text) = 0;
  /// A ping, a pong or the client's close came. Nothing may be asked of the socket from here.
  virtual void on_control() = 0;
  /// A frame has left the queue.
  virtual void on_written() = 0;
  /// The transport ended, by whichever side.
  virtual void on_gone() = 0;
  /// Whether something that the client has asked for is still to be put.
  [[nodiscard]] virtual bool owes_answers() const { return false; }
};

class frame_socket {
public:
  virtual ~frame_socket() = default;

  /// Asks for one more frame; once more than that it does nothing until the frame has come.
  virtual void read() = 0;
  /// Queues a frame. Dropped once the socket closes.
  virtual void put(outgoing_frame frame) = 0;
  /// The queue is at its bound.
  [[nodiscard]] virtual bool is_full() const = 0;
  /// The queue is at half its bound.
  [[nodiscard]] virtual bool is_half_full() const { return is_full(); }

  /// Closes when everything queued is written.
  virtual void close(actors::close_code code, std::string_view reason) = 0;
  /// Closes without writing what is queued.
  virtual void close_now(actors::close_code code, std::string_view reason) = 0;
  /// Lets go of the transport without a word.
  virtual void drop() = 0;

  // For a transport that gathers frames, and has no socket by which its client is seen to live.
  /// Its connection has done what there was to do: what was put may go out together, and the end may be told.
  virtual void flush() {}
  virtual void tick(instant /*now*/) {}
  /// Whose frames they are; the client has every push up to `ticket.s`.
  virtual void introduce(const resume_ticket& /*ticket*/) {}
  [[nodiscard]] virtual poll_transport* polled() { return nullptr; }
};

} // namespace parley::net

/// A TCP connection with TLS as the code for HTTP uses it: a stream of Asio, with the time limit that Beast's has.
///
/// On the thread of its worker. Whoever reads or writes keeps it until that is done.

#pragma once

#include "net/tls_wire.hpp"

#include <boost/asio/compose.hpp>
#include <boost/asio/post.hpp>

#include <array>

namespace parley::net {

class tls_stream {
public:
  static constexpr bool is_secure = true;
  using executor_type = io_executor;

  explicit tls_stream(tls_wire wire) : state_{std::make_shared<state>(std::move(wire))} {}

  [[nodiscard]] executor_type get_executor() { return socket().get_executor(); }
  [[nodiscard]] tcp_socket& socket() { return state_->wire.socket(); }

  /// After that the connection is closed, unless another limit is set before.
  void expires_after(std::chrono::milliseconds time);
  void expires_never() { state_->limit.expires_at(io_timer::time_point::max()); }

  /// Calls `then` with what went wrong, if anything.
  template <class Then> void shake_hands(Then then);
  template <class Buffers, class Handler> auto async_read_some(const Buffers& buffers, Handler&& handler);
  template <class Buffers, class Handler> auto async_write_some(const Buffers& buffers, Handler&& handler);

  void end_writing() { state_->wire.end_writing(); }
  /// For another protocol. Nothing may be under way.
  [[nodiscard]] tls_wire release_wire() { return std::move(state_->wire); }

private:
  struct state {
    explicit state(tls_wire given) : wire{std::move(given)}, limit{wire.socket().get_executor()} {}

    tls_wire wire;
    io_timer limit;
  };
  struct reading;
  struct writing;

  static error_code end_of(const wire_step& step) {
    return step.what == wire_step::kind::ended ? error_code{asio::error::eof} : error_code{};
  }

  std::shared_ptr<state> state_;
};

inline void tls_stream::expires_after(std::chrono::milliseconds time) {
  state_->limit.expires_after(time);
  state_->limit.async_wait([weak = std::weak_ptr{state_}](error_code) {
    const auto alive = weak.lock();
    // A limit that was replaced has its say as well.
    if (!alive || alive->limit.expiry() > io_timer::clock_type::now()) return;
    error_code ignored;
    alive->wire.socket().close(ignored);
  });
}

template <class Then> void tls_stream::shake_hands(Then then) {
  const auto wait = state_->wire.has_unsent() ? tcp_socket::wait_write : tcp_socket::wait_read;
  socket().async_wait(wait, [this, then = std::move(then)](error_code failed) mutable {
    const auto step = failed ? wire_step{} : state_->wire.shake_hands();
    if (!failed && step.what == wire_step::kind::blocked) return shake_hands(std::move(then));
    then(failed ? failed : end_of(step));
  });
}

struct tls_stream::reading {
  template <class Self> void operator()(Self& self, error_code failed = {}) {
    if (std::exchange(has_begun, true)) {
      const auto step = failed ? wire_step{} : from->wire.read(into);
      if (failed || step.what == wire_step::kind::ended) return self.complete(failed ? failed : end_of(step), 0);
      if (step.what == wire_step::kind::fine) return self.complete({}, step.bytes);
    }
    auto& socket = from->wire.socket();
    if (from->wire.has_unread())
      asio::post(socket.get_executor(), std::move(self));
    else
      socket.async_wait(tcp_socket::wait_read, std::move(self));
  }

  std::shared_ptr<state> from;
  std::span<char> into;
  bool has_begun = false;
};

struct tls_stream::writing {
  template <class Self> void operator()(Self& self, error_code failed = {}) {
    if (failed) return self.complete(failed, 0);
    const auto is_first = !std::exchange(has_begun, true);
    // What is taken is only sent on.
    if (step.bytes == 0)
      step = to->wire.write(std::span{parts}.first(part_count));
    else
      step.what = to->wire.write({}).what;
    auto& socket = to->wire.socket();
    if (step.what == wire_step::kind::blocked) return socket.async_wait(tcp_socket::wait_write, std::move(self));
    if (is_first) return asio::post(socket.get_executor(), std::move(self));
    self.complete(end_of(step), step.bytes);
  }

  std::shared_ptr<state> to;
  std::array<iovec, 16> parts{};
  std::size_t part_count = 0;
  wire_step step{};
  bool has_begun = false;
};

template <class Buffers, class Handler> auto tls_stream::async_read_some(const Buffers& buffers, Handler&& handler) {
  std::span<char> into;
  for (auto at = asio::buffer_sequence_begin(buffers); into.empty() && at != asio::buffer_sequence_end(buffers); ++at) {
    const asio::mutable_buffer buffer{*at};
    into = {static_cast<char*>(buffer.data()), buffer.size()};
  }
  return asio::async_compose<Handler, void(error_code, std::size_t)>(reading{.from = state_, .into = into}, handler,
                                                                     socket());
}

template <class Buffers, class Handler> auto tls_stream::async_write_some(const Buffers& buffers, Handler&& handler) {
  writing batch{.to = state_};
  for (auto at = asio::buffer_sequence_begin(buffers);
       batch.part_count < batch.parts.size() && at != asio::buffer_sequence_end(buffers); ++at) {
    const asio::const_buffer buffer{*at};
    // It is only read.
    if (buffer.size() > 0) batch.parts[batch.part_count++] = {const_cast<void*>(buffer.data()), buffer.size()};
  }
  return asio::async_compose<Handler, void(error_code, std::size_t)>(std::move(batch), handler, socket());
}

} // namespace parley::net

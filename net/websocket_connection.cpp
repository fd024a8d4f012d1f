#include "net/websocket_connection.hpp"

#include "net/device_connection.hpp"
#include "net/frame_batch.hpp"
#include "net/socket_calls.hpp"
#include "net/websocket_framing.hpp"

#include <boost/asio/post.hpp>
#include <boost/beast/websocket/detail/hybi13.hpp>
#include <fmt/format.h>

namespace parley::net {

namespace {

using event_kind = websocket_event::kind;

/// One for each thread: a connection that is idle holds no buffer.
struct io_buffers {
  std::array<char, 16'384> arrived;
  frame_batch batch;
};

io_buffers& buffers() {
  thread_local const auto of_thread = std::make_unique<io_buffers>();
  return *of_thread;
}

std::string accept_answer(const upgrade_request& request, const std::string& protocol) {
  beast::websocket::detail::sec_ws_accept_type accept;
  beast::websocket::detail::make_sec_ws_accept(accept, request[http::field::sec_websocket_key]);
  return fmt::format("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                     "Sec-WebSocket-Accept: {}\r\n{}Server: parley\r\n\r\n",
                     std::string_view{accept.data(), accept.size()},
                     protocol.empty() ? protocol : fmt::format("Sec-WebSocket-Protocol: {}\r\n", protocol));
}

outgoing_frame frame_of(frame_kind kind, std::string bytes) {
  return {.body = std::make_shared<const std::string>(std::move(bytes)), .suffix = {}, .kind = kind};
}

/// Frames that are put in one burst leave in one system call: a burst ends when the worker comes to what was posted
/// behind it. Every frame, ours or the protocol's, goes through the outbox, so they leave in their order. `Wire` is a
/// `plain_wire` or a `tls_wire`.
template <class Wire> class websocket_connection final
    : public frame_socket,
      public std::enable_shared_from_this<websocket_connection<Wire>> {
public:
  websocket_connection(Wire wire, const limit_settings& limits)
      : wire_{std::move(wire)}, parser_{limits.frame}, outbox_{{limits.outbox_frames, limits.outbox_bytes}} {}

  void accept(std::string answer, std::weak_ptr<frame_listener> listener) {
    listener_ = std::move(listener);
    queue(frame_of(frame_kind::raw, std::move(answer)));
    tell(&frame_listener::on_open);
  }

  void read() override {
    if (dropped_ || std::exchange(wants_frame_, true)) return;
    read_on();
  }

  void put(outgoing_frame frame) override {
    if (!dropped_ && !closing_) queue(std::move(frame));
  }

  bool is_full() const override { return outbox_.is_full(); }
  bool is_half_full() const override { return outbox_.is_half_full(); }

  void close(actors::close_code code, std::string_view reason) override {
    put_close(static_cast<std::uint16_t>(code), reason);
  }

  void close_now(actors::close_code code, std::string_view reason) override {
    forget_unsent();
    put_close(static_cast<std::uint16_t>(code), reason);
  }

  void drop() override {
    if (std::exchange(dropped_, true)) return;
    listener_.reset();
    unread_ = {};
    outbox_.keep_first(0);
    if (has_parted_)
      linger();
    else
      shut();
  }

private:
  // Out. --------------------------------------------------------------------------------------------------------------

  void queue(outgoing_frame frame) {
    outbox_.push(std::move(frame));
    // A burst larger than that does not wait for its end.
    if (outbox_.is_half_full()) write_out();
    flush_later();
  }

  void flush_later() {
    if (std::exchange(flush_posted_, true)) return;
    asio::post(socket().get_executor(), [self = this->shared_from_this()] {
      self->flush_posted_ = false;
      self->flush();
    });
  }

  void flush() {
    if (dropped_) return;
    write_out();
    if (is_broken_) return gone();
    if (std::exchange(has_written_, false)) tell(&frame_listener::on_written);
    if (dropped_) return;
    if (close_sent_ && input_over_ && !wire_.has_unsent()) return part();
    read_on();
  }

  /// Writes as much as the socket takes. Tells nobody: `flush` does.
  void write_out() {
    auto& batch = buffers().batch;
    while ((!outbox_.is_empty() || wire_.has_unsent()) && !blocked_ && !is_broken_) {
      batch.fill(outbox_.waiting(), sent_of_first_);
      const auto [bytes, what] = wire_.write(batch.parts());
      take_off(bytes);
      is_broken_ |= what == wire_step::kind::ended;
      if (what == wire_step::kind::blocked) wait_for_room();
    }
  }

  void take_off(std::size_t written) {
    sent_of_first_ += written;
    while (!outbox_.is_empty()) {
      const auto size = bytes_on_wire(outbox_.waiting().front());
      if (sent_of_first_ < size) break;
      sent_of_first_ -= size;
      const auto sent = outbox_.pop();
      has_written_ = true;
      close_sent_ |= sent.kind == frame_kind::close;
    }
  }

  void wait_for_room() {
    blocked_ = true;
    socket().async_wait(tcp_socket::wait_write, [self = this->shared_from_this()](error_code failed) {
      self->blocked_ = false;
      self->is_broken_ |= bool{failed};
      self->flush();
    });
  }

  /// All but what the client has a part of.
  void forget_unsent() {
    if (!close_sent_) outbox_.keep_first(sent_of_first_ > 0 ? 1 : 0);
  }

  void put_close(std::uint16_t code, std::string_view reason) {
    if (dropped_ || close_sent_ || (closing_ && has_close_waiting())) return;
    closing_ = true;
    queue(frame_of(frame_kind::close, code == close_without_code ? std::string{} : close_payload(code, reason)));
  }

  [[nodiscard]] bool has_close_waiting() const {
    const auto waiting = outbox_.waiting();
    return !waiting.empty() && waiting.back().kind == frame_kind::close;
  }

  // In. ---------------------------------------------------------------------------------------------------------------

  /// Whether there is a use for what the client sends. After our close only its own is waited for.
  [[nodiscard]] bool listens() const {
    if (dropped_ || input_over_) return false;
    // A client that takes no answer may not have us collect answers.
    if (blocked_ && owes_pong_) return false;
    return wants_frame_ || close_sent_;
  }

  /// Goes on with what has come, or waits for more. Tells nothing itself.
  void read_on() {
    if (!blocked_) owes_pong_ = false;
    if (parsing_ || !listens()) return;
    if (unread_.empty()) return wait_for_bytes();
    if (std::exchange(parse_posted_, true)) return;
    asio::post(socket().get_executor(), [self = this->shared_from_this()] {
      self->parse_posted_ = false;
      auto bytes = std::exchange(self->unread_, {});
      self->parse(bytes);
    });
  }

  void wait_for_bytes() {
    if (std::exchange(waits_for_bytes_, true)) return;
    auto on_bytes = [self = this->shared_from_this()](error_code failed) {
      self->waits_for_bytes_ = false;
      if (self->has_parted_) return self->discard(failed);
      if (!self->dropped_) self->receive(failed);
    };
    if (wire_.has_unread() && !has_parted_)
      asio::post(socket().get_executor(), [on_bytes = std::move(on_bytes)] { on_bytes({}); });
    else
      socket().async_wait(tcp_socket::wait_read, std::move(on_bytes));
  }

  void receive(error_code failed) {
    // It was wanted when the wait began.
    if (!failed && !listens()) return;
    auto& arrived = buffers().arrived;
    const auto [bytes, what] = failed ? wire_step{0, wire_step::kind::ended} : wire_.read(arrived);
    if (what == wire_step::kind::ended) return gone();
    // TLS may have had something to say to what came.
    if (wire_.has_unsent() && !blocked_) wait_for_room();
    if (what == wire_step::kind::blocked) return wait_for_bytes();
    parse(std::span{arrived}.first(bytes));
  }

  /// Takes frame after frame while they are asked for; the rest waits, and nothing is read from the socket meanwhile.
  void parse(std::span<char> bytes) {
    parsing_ = true;
    while (listens()) {
      const auto event = parser_.next(bytes);
      if (event.what == event_kind::need_more) break;
      take(event);
      parser_.release();
    }
    parsing_ = false;
    if (dropped_) return;
    if (!input_over_ && !bytes.empty()) unread_.assign(bytes.begin(), bytes.end());
    read_on();
  }

  void take(const websocket_event& event) {
    switch (event.what) {
    case event_kind::need_more: return;
    case event_kind::text:
    case event_kind::binary: return take_message(event);
    case event_kind::ping:
      owes_pong_ = true;
      put({.body = std::make_shared<const std::string>(event.payload), .suffix = {}, .kind = frame_kind::pong});
      return tell(&frame_listener::on_control);
    case event_kind::pong: return tell(&frame_listener::on_control);
    case event_kind::close: tell(&frame_listener::on_control); [[fallthrough]];
    case event_kind::broken: return end_input(event.code);
    }
  }

  void take_message(const websocket_event& event) {
    if (close_sent_) return;
    wants_frame_ = false;
    if (const auto listener = listener_.lock()) listener->on_frame(event.payload, event.what == event_kind::text);
  }

  /// The client has closed, or what it sends is not understood any more: it is answered with a close, unless it has had
  /// one, and then nothing more is said.
  void end_input(std::uint16_t code) {
    input_over_ = true;
    if (!close_sent_ && !has_close_waiting()) forget_unsent();
    put_close(code, {});
    flush_later();
  }

  // The end. ----------------------------------------------------------------------------------------------------------

  /// Says that no more comes. Closing now would reset the connection, and the client might never see our close.
  void part() {
    wire_.end_writing();
    has_parted_ = true;
    gone();
  }

  void gone() {
    if (!dropped_) tell(&frame_listener::on_gone);
    drop();
  }

  /// Reads what the client still sends until it closes too, for a while.
  void linger() {
    linger_timer_ = std::make_unique<io_timer>(socket().get_executor(), linger_time);
    linger_timer_->async_wait([self = this->shared_from_this()](error_code) { self->shut(); });
    wait_for_bytes();
  }

  void discard(error_code failed) {
    if (failed) return stop_lingering();
    const auto [bytes, what] = receive_some(socket().native_handle(), buffers().arrived);
    discarded_ += static_cast<std::uint32_t>(bytes);
    if (what == wire_step::kind::ended || discarded_ >= linger_bytes_max) return stop_lingering();
    wait_for_bytes();
  }

  void stop_lingering() {
    if (linger_timer_) linger_timer_->cancel();
  }

  void shut() {
    error_code ignored;
    socket().close(ignored);
  }

  void tell(void (frame_listener::*what)()) {
    if (const auto listener = listener_.lock()) ((*listener).*what)();
  }

  [[nodiscard]] tcp_socket& socket() { return wire_.socket(); }

  Wire wire_;
  std::weak_ptr<frame_listener> listener_;
  websocket_parser parser_;
  /// Came in one piece with a frame that was asked for.
  std::vector<char> unread_;
  outbox outbox_;
  /// Of the oldest frame in the outbox.
  std::size_t sent_of_first_ = 0;
  std::unique_ptr<io_timer> linger_timer_;
  std::uint32_t discarded_ = 0;

  bool wants_frame_ = false;
  bool waits_for_bytes_ = false;
  bool parsing_ = false;
  bool parse_posted_ = false;
  /// The client has sent its last word.
  bool input_over_ = false;
  bool owes_pong_ = false;

  bool flush_posted_ = false;
  /// The socket takes nothing now.
  bool blocked_ = false;
  bool has_written_ = false;
  bool is_broken_ = false;

  bool closing_ = false;
  bool close_sent_ = false;
  bool has_parted_ = false;
  bool dropped_ = false;
};

template <class Wire> void serve(Wire wire, const upgrade_request& request, upgrade plan, address_counter::place place,
                                 io_worker& worker, edge& shared) {
  auto transport = std::make_shared<websocket_connection<Wire>>(std::move(wire), shared.config.limits);
  auto answer = accept_answer(request, plan.protocol.echo);
  const auto device = std::make_shared<device_connection>(transport, std::move(plan), std::move(place), worker, shared);
  device->start();
  transport->accept(std::move(answer), device);
}

} // namespace

void serve_websocket(plain_wire wire, const upgrade_request& request, upgrade plan, address_counter::place place,
                     io_worker& worker, edge& shared) {
  serve(std::move(wire), request, std::move(plan), std::move(place), worker, shared);
}

void serve_websocket(tls_wire wire, const upgrade_request& request, upgrade plan, address_counter::place place,
                     io_worker& worker, edge& shared) {
  serve(std::move(wire), request, std::move(plan), std::move(place), worker, shared);
}

} // namespace parley::net

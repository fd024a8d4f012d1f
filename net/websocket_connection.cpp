#include "net/websocket_connection.hpp"

#include "net/device_connection.hpp"

#include <boost/asio/post.hpp>
#include <boost/beast/core/bind_handler.hpp>
#include <boost/beast/websocket.hpp>

#include <array>

namespace parley::net {

namespace websocket = boost::beast::websocket;

namespace {

/// What a close may say; the protocol of WebSockets has room for 123 bytes.
websocket::close_reason reason_of(actors::close_code code, std::string_view reason) {
  auto size = std::min<std::size_t>(reason.size(), 120);
  // Not in the middle of a character: the client would find broken UTF-8.
  while (size < reason.size() && size > 0 && (static_cast<unsigned char>(reason[size]) & 0xc0U) == 0x80U) --size;
  return {static_cast<websocket::close_code>(code), beast::string_view{reason.data(), size}};
}

/// Beast's own end of a connection reads but a part of what the client still sends and then closes, which resets the
/// connection: the client may never see why. This one says that no more comes, and leaves the rest to `linger`.
struct parting_socket : tcp_socket {
  explicit parting_socket(tcp_socket socket) : tcp_socket{std::move(socket)} {}

  bool has_parted = false;
};

template <class Handler>
void async_teardown(beast::role_type, parting_socket& socket, Handler&& handler) { // found by Beast
  error_code failed;
  socket.shutdown(asio::socket_base::shutdown_send, failed);
  socket.has_parted = true;
  asio::post(socket.get_executor(), beast::bind_front_handler(std::forward<Handler>(handler), failed));
}

class websocket_connection final : public frame_socket, public std::enable_shared_from_this<websocket_connection> {
public:
  websocket_connection(tcp_socket socket, const limit_settings& limits)
      : stream_{parting_socket{std::move(socket)}}, outbox_{{limits.outbox_frames, limits.outbox_bytes}} {
    stream_.read_message_max(limits.frame);
    stream_.auto_fragment(false);
    stream_.text(true);
  }

  void accept(const upgrade_request& request, const std::string& protocol, milliseconds within,
              std::weak_ptr<frame_listener> listener) {
    listener_ = std::move(listener);
    stream_.set_option(websocket::stream_base::timeout{within, websocket::stream_base::none(), false});
    stream_.set_option(websocket::stream_base::decorator{[protocol](websocket::response_type& answer) {
      answer.set(http::field::server, "parley");
      if (!protocol.empty()) answer.set(http::field::sec_websocket_protocol, protocol);
    }});
    stream_.control_callback([this](websocket::frame_type, beast::string_view) { tell(&frame_listener::on_control); });
    stream_.async_accept(request, [self = shared_from_this()](error_code failed) {
      if (failed) return self->gone();
      self->tell(&frame_listener::on_open);
    });
  }

  void read() override {
    if (dropped_ || std::exchange(reading_, true)) return;
    // Into the object itself: an idle connection has no other buffer.
    stream_.async_read_some(asio::buffer(first_), [self = shared_from_this()](error_code failed, std::size_t bytes) {
      self->on_first(failed, bytes);
    });
  }

  void put(outgoing_frame frame) override {
    if (dropped_ || close_sent_) return;
    outbox_.push(std::move(frame));
    write_next();
  }

  bool is_full() const override { return outbox_.is_full(); }
  bool is_half_full() const override { return outbox_.is_half_full(); }

  void close(actors::close_code code, std::string_view reason) override {
    close_reason_ = reason_of(code, reason);
    closing_ = true;
    write_next();
  }

  void close_now(actors::close_code code, std::string_view reason) override {
    close_reason_ = reason_of(code, reason);
    send_close();
  }

  void drop() override {
    if (std::exchange(dropped_, true)) return;
    listener_.reset();
    if (stream_.next_layer().has_parted)
      linger();
    else
      shut();
  }

private:
  void on_first(error_code failed, std::size_t bytes) {
    if (failed) return gone();
    if (stream_.is_message_done()) return on_message({first_.data(), bytes});
    rest_.commit(asio::buffer_copy(rest_.prepare(bytes), asio::buffer(first_, bytes)));
    stream_.async_read(rest_, [self = shared_from_this()](error_code broken, std::size_t) {
      if (broken) return self->gone();
      const auto whole = std::exchange(self->rest_, {});
      self->on_message({static_cast<const char*>(whole.cdata().data()), whole.size()});
    });
  }

  void on_message(std::string_view text) {
    reading_ = false;
    if (const auto listener = listener_.lock()) listener->on_frame(text, stream_.got_text());
  }

  void write_next() {
    if (writing_ || dropped_ || close_sent_) return;
    if (outbox_.is_empty()) {
      if (closing_) send_close();
      return;
    }
    writing_ = outbox_.pop();
    const std::array<asio::const_buffer, 2> parts{asio::buffer(*writing_->body), asio::buffer(writing_->suffix)};
    stream_.async_write(parts, [self = shared_from_this()](error_code failed, std::size_t) {
      self->writing_.reset();
      if (failed) return self->gone();
      self->write_next();
      self->tell(&frame_listener::on_written);
    });
  }

  void send_close() {
    if (dropped_ || std::exchange(close_sent_, true)) return;
    stream_.async_close(close_reason_, [self = shared_from_this()](error_code) { self->gone(); });
  }

  void gone() {
    if (!dropped_) tell(&frame_listener::on_gone);
    drop();
  }

  /// Reads what the client still sends until it closes too, for a while.
  void linger() {
    auto timer = std::make_shared<io_timer>(stream_.get_executor(), linger_time);
    timer->async_wait([self = shared_from_this(), timer](error_code) { self->shut(); });
    discard(timer, linger_bytes_max);
  }

  void discard(const std::shared_ptr<io_timer>& timer, std::size_t bytes_left) {
    stream_.next_layer().async_read_some(
        rest_.prepare(4'096), [self = shared_from_this(), timer, bytes_left](error_code ended, std::size_t bytes) {
          if (ended || bytes >= bytes_left)
            timer->cancel();
          else
            self->discard(timer, bytes_left - bytes);
        });
  }

  void shut() {
    error_code ignored;
    stream_.next_layer().close(ignored);
  }

  void tell(void (frame_listener::*what)()) {
    if (const auto listener = listener_.lock()) ((*listener).*what)();
  }

  websocket::stream<parting_socket, false> stream_;
  std::weak_ptr<frame_listener> listener_;
  outbox outbox_;
  std::optional<outgoing_frame> writing_;
  /// The beginning of the next frame; most frames end in it.
  std::array<char, 256> first_;
  beast::flat_buffer rest_;
  websocket::close_reason close_reason_;
  bool reading_ = false;
  bool closing_ = false;
  bool close_sent_ = false;
  bool dropped_ = false;
};

} // namespace

void serve_websocket(tcp_socket socket, const upgrade_request& request, upgrade plan, address_counter::place place,
                     io_worker& worker, edge& shared) {
  auto transport = std::make_shared<websocket_connection>(std::move(socket), shared.config.limits);
  const auto protocol = plan.protocol.echo;
  const auto device = std::make_shared<device_connection>(transport, std::move(plan), std::move(place), worker, shared);
  device->start();
  transport->accept(request, protocol, shared.config.http.handshake_timeout, device);
}

} // namespace parley::net

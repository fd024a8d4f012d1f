#include "net/websocket_connection.hpp"

#include <deque>
#include <mutex>
#include <variant>

#include <boost/asio/post.hpp>
#include <boost/beast/websocket.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <parley/codec.hpp>
#include <parley/session_window.hpp>
#include <parley/token_bucket.hpp>

#include "net/outbox.hpp"

namespace parley::net {

namespace websocket = boost::beast::websocket;

namespace {

using actors::client_asked;
using actors::close_code;

/// Frames answered `bad_frame` within this time are abuse when they are too many.
constexpr milliseconds abuse_window{10'000};
/// A close that the peer does not answer.
constexpr milliseconds close_timeout{5'000};

// What actors send to a connection, in the words of `client_link`.
struct entry_pushed {
  live_entry_ptr item;
};
struct event_pushed {
  std::shared_ptr<const std::string> open_frame;
};
struct answered {
  std::string frame;
};
struct history_answered {
  std::string frame;
  conversation_id conversation;
  seq_no head = 0;
};
struct finished {};
struct greeted {
  std::string frame;
};
struct replayed {
  conversation_id conversation;
  seq_no cursor = 0;
  std::vector<live_entry_ptr> items;
  seq_no head = 0;
};
struct replay_ended {
  std::string synced;
};
struct filled {
  conversation_id conversation;
  std::vector<live_entry_ptr> items;
};
struct told_to_close {
  close_code code = close_code::internal;
  std::string reason;
};
using arrival = std::variant<entry_pushed, event_pushed, acknowledgement, answered, history_answered, finished, greeted,
                             replayed, replay_ended, filled, told_to_close>;

class websocket_connection final : public actors::client_link,
                                   public session_output,
                                   public watched_connection,
                                   public std::enable_shared_from_this<websocket_connection> {
public:
  websocket_connection(tcp_socket socket, upgrade_request request, upgrade plan, io_worker& worker, edge& shared)
      : stream_{std::move(socket)}, request_{std::make_unique<upgrade_request>(std::move(request))},
        plan_{std::move(plan)}, worker_{worker}, shared_{shared},
        outbox_{{shared.config.limits.outbox_frames, shared.config.limits.outbox_bytes}},
        began_{shared.time.steady()}, heard_{began_}, frames_{frame_bucket(shared.config.limits, began_)} {}

  void start() {
    const auto& limits = shared_.config.limits;
    stream_.set_option(websocket::stream_base::timeout{shared_.config.http.handshake_timeout,
                                                       websocket::stream_base::none(), false});
    stream_.set_option(websocket::stream_base::decorator{[echo = plan_.protocol.echo](websocket::response_type& answer) {
      answer.set(http::field::server, "parley");
      if (!echo.empty()) answer.set(http::field::sec_websocket_protocol, echo);
    }});
    stream_.read_message_max(limits.frame);
    stream_.auto_fragment(false);
    stream_.text(true);
    stream_.control_callback([this](websocket::frame_type, beast::string_view) { heard_ = shared_.time.steady(); });
    worker_.watch(shared_from_this());
    stream_.async_accept(*request_, [self = shared_from_this()](error_code failed) { self->on_accepted(failed); });
  }

  // client_link: any thread. ------------------------------------------------------------------------------------------

  void push(live_entry_ptr item) override { arrive(entry_pushed{std::move(item)}); }
  void event(std::shared_ptr<const std::string> open_frame) override { arrive(event_pushed{std::move(open_frame)}); }
  void acknowledge(acknowledgement ack) override { arrive(std::move(ack)); }
  void reply(std::string frame) override { arrive(answered{std::move(frame)}); }
  void reply_history(std::string frame, conversation_id conversation, seq_no head) override {
    arrive(history_answered{std::move(frame), conversation, head});
  }
  void finish() override { arrive(finished{}); }
  void greet(std::string frame) override { arrive(greeted{std::move(frame)}); }
  void replay(conversation_id conversation, seq_no cursor, std::vector<live_entry_ptr> items, seq_no head) override {
    arrive(replayed{conversation, cursor, std::move(items), head});
  }
  void end_replay(std::string synced) override { arrive(replay_ended{std::move(synced)}); }
  void fill(conversation_id conversation, std::vector<live_entry_ptr> items) override {
    arrive(filled{conversation, std::move(items)});
  }
  void close(close_code code, std::string reason) override { arrive(told_to_close{code, std::move(reason)}); }

  // session_output: the worker's thread, as everything below. --------------------------------------------------------

  bool full() const override { return outbox_.is_full(); }
  void put(std::string frame) override { put({std::make_shared<const std::string>(std::move(frame)), {}}); }
  void put(std::shared_ptr<const std::string> open_frame, std::uint64_t s) override {
    put({std::move(open_frame), close_frame(s)});
  }
  void need(const conversation_id& conversation, seq_no after) override {
    if (session_) session_->need({conversation, after});
  }

  // watched_connection. -----------------------------------------------------------------------------------------------

  void tick(instant now) override {
    if (closing_since_) {
      if (now - *closing_since_ > close_timeout) break_off();
      return;
    }
    if (!session_) {
      if (now - began_ > shared_.config.http.handshake_timeout)
        begin_close(close_code::authentication_failed, "no token came in time");
      return;
    }
    if (now - heard_ > 2 * shared_.config.session.heartbeat)
      return begin_close_now(close_code::heartbeat_lost, "no sign of life");
    watch_lag(now);
    watch_token(now);
  }

  void say_goodbye(milliseconds pause) override {
    if (session_) put(encode_bye(pause));
    begin_close(close_code::drain, "the server restarts");
  }

private:
  static token_bucket frame_bucket(const limit_settings& limits, instant now) {
    return {limits.frame_rate.per_second, limits.frame_rate.burst, now};
  }

  // From actors. ------------------------------------------------------------------------------------------------------

  void arrive(arrival what) {
    const std::lock_guard guard{inbox_lock_};
    if (inbox_closed_) return;
    inbox_.push_back(std::move(what));
    if (std::exchange(inbox_posted_, true)) return;
    asio::post(stream_.get_executor(), [self = shared_from_this()] { self->take_arrivals(); });
  }

  void take_arrivals() {
    std::vector<arrival> arrived;
    {
      const std::lock_guard guard{inbox_lock_};
      arrived.swap(inbox_);
      inbox_posted_ = false;
    }
    // Frames are written when all of them are queued.
    corked_ = true;
    for (auto& what : arrived)
      if (window_) std::visit([this](auto& one) { on(one); }, what);
    corked_ = false;
    write_next();
    read_on();
  }

  void on(entry_pushed& what) { window_->push(what.item); }
  void on(event_pushed& what) { window_->event(std::move(what.open_frame)); }
  void on(acknowledgement& ack) {
    --in_flight_;
    window_->acknowledge(ack);
  }
  void on(answered& what) {
    --in_flight_;
    window_->reply(std::move(what.frame));
  }
  void on(history_answered& what) {
    --in_flight_;
    window_->reply(std::move(what.frame));
    window_->shown(what.conversation, what.head);
  }
  void on(finished&) { --in_flight_; }
  void on(greeted& what) { window_->reply(std::move(what.frame)); }
  void on(replayed& what) { window_->replay(what.conversation, what.cursor, what.items, what.head); }
  void on(replay_ended& what) { window_->end_replay(std::move(what.synced)); }
  void on(filled& what) { window_->fill(what.conversation, what.items); }
  void on(told_to_close& what) { begin_close(what.code, what.reason); }

  // From the client. --------------------------------------------------------------------------------------------------

  void on_accepted(error_code failed) {
    request_.reset();
    if (failed) return end();
    if (!plan_.protocol.is_supported)
      begin_close(close_code::version_not_supported, "only parley.v1 is spoken here");
    else if (plan_.bearer)
      begin_session(*plan_.bearer);
    read_on();
  }

  bool may_read() const {
    return !reading_ && !ended_ && in_flight_ < shared_.config.limits.in_flight && !outbox_.is_full();
  }

  void read_on() {
    if (!may_read() || request_) return;
    reading_ = true;
    stream_.async_read(buffer_, [self = shared_from_this()](error_code failed, std::size_t) { self->on_read(failed); });
  }

  void on_read(error_code failed) {
    reading_ = false;
    if (failed) return end();
    heard_ = shared_.time.steady();
    const auto data = buffer_.cdata();
    if (!closing_since_) on_frame({static_cast<const char*>(data.data()), data.size()}, stream_.got_text());
    buffer_.consume(buffer_.size());
    // What a large frame needed is not kept by an idle connection.
    if (buffer_.capacity() > 4'096) buffer_ = beast::flat_buffer{};
    read_on();
  }

  void on_frame(std::string_view text, bool is_text) {
    if (const auto wait = frames_.take(heard_))
      return put(encode_error("", {errc::rate_limited, "too many frames", {}, *wait}));
    if (!is_text) return on_bad_frame("", {errc::bad_frame, "frames are text", {}, {}});
    auto frame = decode_frame(text, content_limits_of(shared_.config.limits));
    if (!session_) return on_first_frame(frame);
    if (!frame.request) {
      if (frame.request.error().code == errc::bad_frame) return on_bad_frame(frame.ref, frame.request.error());
      return put(encode_error(frame.ref, frame.request.error()));
    }
    if (std::holds_alternative<ping_request>(*frame.request))
      return put(encode_pong(frame.ref, shared_.time.now()));
    if (const auto* renewal = std::get_if<auth_request>(&*frame.request)) return renew(frame.ref, renewal->token);
    ++in_flight_;
    session_->ask({std::move(frame.ref), std::move(*frame.request)});
  }

  void on_bad_frame(const std::string& ref, const error& why) {
    put(encode_error(ref, why));
    bad_frames_.push_back(heard_);
    while (!bad_frames_.empty() && heard_ - bad_frames_.front() > abuse_window) bad_frames_.pop_front();
    const auto most = shared_.config.limits.bad_frames;
    if (most > 0 && bad_frames_.size() >= most) begin_close(close_code::protocol_abuse, "too many bad frames");
  }

  static content_limits content_limits_of(const limit_settings& limits) {
    return {.text_bytes = limits.text,
            .data_bytes = limits.data,
            .title_bytes = limits.title,
            .mentions = limits.mentions,
            .members = limits.members};
  }

  // Who it is. --------------------------------------------------------------------------------------------------------

  void on_first_frame(const client_frame& frame) {
    const auto* first = frame.request ? std::get_if<auth_request>(&*frame.request) : nullptr;
    if (!first) return refuse_client(frame.ref, {errc::unauthenticated, "the first frame must be auth", {}, {}});
    const auto bearer = shared_.tokens.verify(first->token);
    if (!bearer) return refuse_client(frame.ref, bearer.error());
    if (const auto device = device_of(*bearer, plan_.device); !device) return refuse_client(frame.ref, device.error());
    begin_session(*bearer);
    if (!frame.ref.empty()) put(encode_plain_ack(frame.ref));
  }

  void refuse_client(const std::string& ref, const error& why) {
    put(encode_error(ref, why));
    begin_close(close_code::authentication_failed, why.detail);
  }

  void begin_session(const claims& bearer) {
    user_ = bearer.user;
    device_ = *device_of(bearer, plan_.device);
    expires_at_ = bearer.expires_at;
    const session_id session{fmt::format("s-{}-{}", shared_.node, to_string(random_uuid()))};
    window_.emplace(session, user_, *this);
    session_ = shared_.open_session({session, user_, device_, plan_.skip_replay, shared_from_this()});
  }

  void renew(const std::string& ref, const std::string& token) {
    const auto bearer = shared_.tokens.verify(token);
    if (!bearer) return put(encode_error(ref, bearer.error()));
    const auto device = device_of(*bearer, device_);
    if (bearer->user != user_ || !device)
      return put(encode_error(ref, {errc::unauthenticated, "the token is not for this user and device", {}, {}}));
    expires_at_ = bearer->expires_at;
    expired_since_.reset();
    if (!ref.empty()) put(encode_plain_ack(ref));
  }

  void watch_token(instant now) {
    if (expired_since_) {
      if (now - *expired_since_ >= shared_.config.auth.expiry_grace)
        begin_close(close_code::authentication_failed, "the token has expired");
    } else if (shared_.time.now() > expires_at_ + token_leeway) {
      expired_since_ = now;
      put(encode_error("", {errc::token_expired, "the token has expired; send auth with a new one", {}, {}}));
    }
  }

  // Out. --------------------------------------------------------------------------------------------------------------

  void put(outgoing_frame frame) {
    if (ended_ || close_sent_) return;
    outbox_.push(std::move(frame));
    write_next();
  }

  void write_next() {
    if (writing_ || corked_ || ended_ || close_sent_) return;
    if (outbox_.is_empty()) {
      if (closing_since_) send_close();
      return;
    }
    writing_ = true;
    const auto& next = outbox_.front();
    const std::array<asio::const_buffer, 2> parts{asio::buffer(*next.body), asio::buffer(next.suffix)};
    stream_.async_write(parts, [self = shared_from_this()](error_code failed, std::size_t) { self->on_wrote(failed); });
  }

  void on_wrote(error_code failed) {
    writing_ = false;
    if (failed) return end();
    outbox_.pop();
    if (window_ && !outbox_.is_full()) window_->drained();
    write_next();
    read_on();
  }

  void watch_lag(instant now) {
    if (!window_->is_lagging() || !outbox_.is_full()) {
      full_since_.reset();
    } else if (!full_since_) {
      full_since_ = now;
    } else if (now - *full_since_ >= shared_.config.limits.lag_timeout) {
      begin_close_now(close_code::too_slow, "the client does not read");
    }
  }

  // The end. ----------------------------------------------------------------------------------------------------------

  /// Closes when everything queued is written.
  void begin_close(close_code code, std::string reason) {
    if (closing_since_ || ended_) return;
    closing_since_ = shared_.time.steady();
    reason.resize(std::min<std::size_t>(reason.size(), 120));
    close_reason_ = websocket::close_reason{static_cast<websocket::close_code>(code), reason};
    write_next();
  }

  /// Closes without writing what is queued.
  void begin_close_now(close_code code, std::string reason) {
    begin_close(code, std::move(reason));
    send_close();
  }

  void send_close() {
    if (std::exchange(close_sent_, true)) return;
    stream_.async_close(close_reason_, [self = shared_from_this()](error_code) { self->end(); });
  }

  void break_off() {
    error_code ignored;
    stream_.next_layer().close(ignored);
  }

  void end() {
    if (std::exchange(ended_, true)) return;
    {
      const std::lock_guard guard{inbox_lock_};
      inbox_closed_ = true;
      inbox_.clear();
    }
    if (session_) session_->closed();
    session_.reset();
    shared_.addresses.leave(plan_.address);
    break_off();
    worker_.forget(shared_from_this());
  }

  websocket::stream<tcp_socket, false> stream_;
  /// Kept until the upgrade is accepted.
  std::unique_ptr<upgrade_request> request_;
  upgrade plan_;
  io_worker& worker_;
  edge& shared_;
  beast::flat_buffer buffer_;
  outbox outbox_;

  user_id user_;
  device_id device_;
  timestamp expires_at_{};
  std::optional<instant> expired_since_;
  std::optional<session_window> window_;
  std::unique_ptr<actors::session_handle> session_;
  /// Requests handed to the session and not answered.
  std::size_t in_flight_ = 0;

  bool reading_ = false;
  bool writing_ = false;
  bool corked_ = false;
  bool close_sent_ = false;
  bool ended_ = false;
  instant began_;
  instant heard_;
  std::optional<instant> closing_since_;
  websocket::close_reason close_reason_;
  std::optional<instant> full_since_;
  token_bucket frames_;
  std::deque<instant> bad_frames_;

  std::mutex inbox_lock_;
  std::vector<arrival> inbox_;
  bool inbox_posted_ = false;
  bool inbox_closed_ = false;
};

} // namespace

void serve_websocket(tcp_socket socket, upgrade_request request, upgrade plan, io_worker& worker, edge& shared) {
  std::make_shared<websocket_connection>(std::move(socket), std::move(request), std::move(plan), worker, shared)->start();
}

} // namespace parley::net

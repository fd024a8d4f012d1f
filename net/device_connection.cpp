#include "net/device_connection.hpp"

#include <fmt/format.h>

namespace parley::net {

namespace {

using actors::close_code;

/// Frames answered `bad_frame` within this time are abuse when they are too many.
constexpr milliseconds abuse_window{10'000};
/// A close that the peer does not answer.
constexpr milliseconds close_timeout{5'000};
/// One that floods us is not waited for as long: until it is gone, what it sends is still read.
constexpr milliseconds flood_close_timeout{500};

token_bucket frame_bucket(const limit_settings& limits, instant now) {
  return {limits.frame_rate.per_second, limits.frame_rate.burst, now};
}

content_limits content_limits_of(const limit_settings& limits) {
  return {.text_bytes = limits.text,
          .data_bytes = limits.data,
          .title_bytes = limits.title,
          .mentions = limits.mentions,
          .members = limits.members};
}

} // namespace

device_connection::device_connection(std::shared_ptr<frame_socket> socket, upgrade plan, address_counter::place place,
                                     io_worker& worker, edge& shared)
    : socket_{std::move(socket)},
      plan_{std::move(plan)},
      place_{std::move(place)},
      worker_{worker},
      shared_{shared},
      began_{shared.time.steady()},
      heard_{began_},
      taken_{began_},
      frames_{frame_bucket(shared.config.limits, began_)} {}

device_connection::~device_connection() {
  if (bridge_) bridge_->cut();
}

void device_connection::start() {
  bridge_ = std::make_shared<bridge>(shared_.config.limits.outbox_frames, [&worker = worker_, weak = weak_from_this()] {
    worker.post([weak] {
      if (const auto self = weak.lock()) self->take_arrivals();
    });
  });
  worker_.watch(shared_from_this());
}

// From actors. --------------------------------------------------------------------------------------------------------

void device_connection::take_arrivals() {
  for (auto& what : bridge_->take())
    if (window_ && !ended_) std::visit([this](auto& one) { on(one); }, what);
  read_on();
}

void device_connection::on(acknowledgement& ack) {
  --in_flight_;
  window_->acknowledge(ack);
}

void device_connection::on(replied& what) {
  --in_flight_;
  window_->reply(std::move(what.frame));
}

void device_connection::on(greeted& what) {
  window_->reply(std::move(what.frame));
  if (!auth_ref_.empty()) window_->reply(encode_plain_ack(std::exchange(auth_ref_, {})));
}

void device_connection::on(history_replied& what) {
  --in_flight_;
  window_->reply(std::move(what.frame));
  window_->shown(what.conversation, what.head);
}

// From the client. ----------------------------------------------------------------------------------------------------

void device_connection::on_open() {
  is_open_ = true;
  if (!plan_.protocol.is_supported)
    close(close_code::version_not_supported, "only parley.v1 is spoken here");
  else if (plan_.bearer)
    begin_session(*std::exchange(plan_.bearer, std::nullopt));
  read_on();
}

void device_connection::read_on() {
  if (ended_ || paused_until_ || in_flight_ >= shared_.config.limits.in_flight || socket_->is_full()) return;
  socket_->read();
}

void device_connection::on_frame(std::string_view text, bool is_text) {
  heard_ = shared_.time.steady();
  // Who is too fast is answered all the same, but read no faster than allowed: TCP tells it to wait.
  if (const auto wait = frames_.take(heard_)) paused_until_ = heard_ + *wait;
  if (!closing_since_) {
    if (is_text)
      answer(decode_frame(text, content_limits_of(shared_.config.limits)));
    else
      object("", {errc::bad_frame, "frames are text", {}, {}});
  }
  read_on();
}

void device_connection::on_control() {
  heard_ = shared_.time.steady();
  // Pings are answered below us, so all that can be done about a flood is to end it.
  if (frames_.take(heard_)) is_flooded_ = true;
}

void device_connection::answer(client_frame frame) {
  if (!session_) return authenticate(frame);
  if (!frame.request) {
    if (frame.request.error().code == errc::bad_frame) return object(frame.ref, frame.request.error());
    return put(encode_error(frame.ref, frame.request.error()));
  }
  if (std::holds_alternative<ping_request>(*frame.request)) return put(encode_pong(frame.ref, shared_.time.now()));
  if (const auto* renewal = std::get_if<auth_request>(&*frame.request)) return renew(frame.ref, renewal->token);
  ++in_flight_;
  session_->ask({std::move(frame.ref), std::move(*frame.request)});
}

void device_connection::object(const std::string& ref, const error& why) {
  put(encode_error(ref, why));
  const auto most = shared_.config.limits.bad_frames;
  if (most == 0) return;
  std::erase_if(bad_frames_, [this](instant then) { return heard_ - then > abuse_window; });
  bad_frames_.push_back(heard_);
  if (bad_frames_.size() >= most) close(close_code::protocol_abuse, "too many bad frames");
}

// Who it is. ----------------------------------------------------------------------------------------------------------

void device_connection::authenticate(const client_frame& first) {
  const auto* given = first.request ? std::get_if<auth_request>(&*first.request) : nullptr;
  if (!given) return refuse_client(first.ref, {errc::unauthenticated, "the first frame must be auth", {}, {}});
  const auto bearer = shared_.tokens.verify(given->token);
  if (!bearer) return refuse_client(first.ref, bearer.error());
  if (const auto device = device_of(*bearer, plan_.device); !device) return refuse_client(first.ref, device.error());
  auth_ref_ = first.ref;
  begin_session(*bearer);
}

void device_connection::refuse_client(const std::string& ref, const error& why) {
  put(encode_error(ref, why));
  close(close_code::authentication_failed, why.detail);
}

void device_connection::begin_session(const claims& bearer) {
  token_.emplace(bearer, *device_of(bearer, plan_.device), shared_.config.auth.expiry_grace);
  const session_id session{fmt::format("s-{}-{}", shared_.node, to_string(random_uuid()))};
  window_.emplace(session, bearer.user, *this);
  session_ = shared_.open_session({session, bearer.user, token_->device(), plan_.skip_replay, bridge_});
}

void device_connection::renew(const std::string& ref, const std::string& token) {
  const auto bearer = shared_.tokens.verify(token);
  if (!bearer) return put(encode_error(ref, bearer.error()));
  if (const auto renewed = token_->renew(*bearer); !renewed) return put(encode_error(ref, renewed.error()));
  if (!ref.empty()) put(encode_plain_ack(ref));
}

// Out. ----------------------------------------------------------------------------------------------------------------

void device_connection::put(std::string frame) {
  socket_->put({std::make_shared<const std::string>(std::move(frame)), {}});
}

void device_connection::put(std::shared_ptr<const std::string> open_frame, std::uint64_t s) {
  socket_->put({std::move(open_frame), close_frame(s)});
}

void device_connection::need(const conversation_id& conversation, seq_no after) {
  if (session_) session_->need({conversation, after});
}

void device_connection::on_written() {
  taken_ = shared_.time.steady();
  if (window_ && !full()) window_->drained();
  read_on();
}

// Time. ---------------------------------------------------------------------------------------------------------------

void device_connection::tick(instant now) {
  if (closing_since_) {
    if (now - *closing_since_ > (is_flooded_ ? flood_close_timeout : close_timeout)) end();
    return;
  }
  if (is_flooded_) return close_now(close_code::protocol_abuse, "too many pings");
  if (paused_until_ && now >= *paused_until_) {
    paused_until_.reset();
    read_on();
  }
  if (!session_) {
    if (now - began_ > shared_.config.http.handshake_timeout)
      close(close_code::authentication_failed, "no token came in time");
    return;
  }
  const auto silence_max = 2 * shared_.config.session.heartbeat;
  if (now - heard_ > silence_max) return close_now(close_code::heartbeat_lost, "no sign of life");
  // It may speak and not listen; then its replay would wait for ever.
  if (!busy()) taken_ = now;
  if (now - taken_ > silence_max) return close_now(close_code::too_slow, "the client does not read");
  watch_lag(now);
  watch_token(now);
}

void device_connection::watch_token(instant now) {
  switch (token_->check(shared_.time.now(), now)) {
  case token_watch::verdict::fine: return;
  case token_watch::verdict::expired:
    return put(encode_error("", {errc::token_expired, "the token has expired; send auth with a new one", {}, {}}));
  case token_watch::verdict::over: return close(close_code::authentication_failed, "the token has expired");
  }
}

void device_connection::watch_lag(instant now) {
  if (!window_->is_lagging() || !full())
    full_since_.reset();
  else if (!full_since_)
    full_since_ = now;
  else if (now - *full_since_ >= shared_.config.limits.lag_timeout)
    close_now(close_code::too_slow, "the client does not read");
}

// The end. ------------------------------------------------------------------------------------------------------------

void device_connection::say_goodbye(milliseconds pause) {
  if (session_ && !closing_since_) put(encode_bye(pause));
  close(close_code::drain, "the server restarts");
}

bool device_connection::may_close() {
  if (closing_since_ || ended_) return false;
  closing_since_ = shared_.time.steady();
  // There is no WebSocket yet that could be closed.
  if (!is_open_) end();
  return is_open_;
}

void device_connection::close(close_code code, std::string_view reason) {
  if (!may_close()) return;
  socket_->close(code, reason);
}

void device_connection::close_now(close_code code, std::string_view reason) {
  if (!may_close()) return;
  socket_->close_now(code, reason);
}

void device_connection::end() {
  if (std::exchange(ended_, true)) return;
  bridge_->cut();
  if (session_) session_->closed();
  session_.reset();
  socket_->drop();
  worker_.forget(shared_from_this());
}

} // namespace parley::net

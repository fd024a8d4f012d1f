#include "net/device_connection.hpp"

#include "net/content_limits.hpp"
#include "net/poll_transport.hpp"

namespace parley::net {

namespace {

using actors::close_code;

/// Frames answered `bad_frame` within this time are abuse when they are too many.
constexpr milliseconds abuse_window{10'000};
/// A close that the peer does not answer.
constexpr milliseconds close_timeout{5'000};
/// Who is closed with such a code may not come back to the session.
constexpr unsigned first_final_code = 4'500;
/// One that floods us is not waited for as long: until it is gone, what it sends is still read.
constexpr milliseconds flood_close_timeout{500};

token_bucket frame_bucket(const limit_settings& limits, instant now) {
  return {limits.frame_rate.per_second, limits.frame_rate.burst, now};
}

} // namespace

device_connection::device_connection(std::shared_ptr<frame_socket> socket, upgrade plan,
                                     std::optional<address_counter::place> place, io_worker& worker, edge& shared)
    : socket_{std::move(socket)},
      plan_{std::make_unique<upgrade>(std::move(plan))},
      place_{std::move(place)},
      worker_{worker},
      shared_{shared},
      began_{shared.time.steady()},
      heard_{began_},
      taken_{began_},
      frames_{frame_bucket(shared.config.limits, began_)} {}

void device_connection::start() { worker_.watch(shared_from_this()); }

// From the session. ---------------------------------------------------------------------------------------------------

void device_connection::on_welcome() {
  if (!auth_ref_.get().empty()) say(encode_plain_ack(auth_ref_.take()));
}

void device_connection::on_settled() {
  read_on();
  socket_->flush();
}

void device_connection::on_replaced() {
  session_ = nullptr;
  close(close_code::replaced, "another connection has taken over the session");
  socket_->flush();
}

bool device_connection::take_poll(poll_exchange& poll) {
  auto* polled = socket_->polled();
  if (!polled || ended_ || !polled->can_go_on(poll.s) || poll.s > session_->last_s()) return false;
  heard_ = shared_.time.steady();
  // It is the session's user and device; a client that polls has no other way to renew.
  (void)token_->renew(poll.bearer);
  polled->begin(std::move(poll));
  return true;
}

// From the client. ----------------------------------------------------------------------------------------------------

void device_connection::on_open() {
  is_open_ = true;
  if (!plan_->protocol.is_supported)
    close(close_code::version_not_supported, "only parley.v1 is spoken here");
  else if (plan_->bearer)
    begin_session(*std::exchange(plan_->bearer, std::nullopt));
  read_on();
  socket_->flush();
}

void device_connection::read_on() {
  if (ended_ || paused_until_ || is_joining_ || socket_->is_full()) return;
  if (!session_ || session_->may_ask()) socket_->read();
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
    return say(encode_error(frame.ref, frame.request.error()));
  }
  if (std::holds_alternative<ping_request>(*frame.request)) return say(encode_pong(frame.ref, shared_.time.now()));
  if (const auto* renewal = std::get_if<auth_request>(&*frame.request)) return renew(frame.ref, renewal->token);
  session_->ask({std::move(frame.ref), std::move(*frame.request)});
}

void device_connection::say(std::string frame) {
  socket_->put({.body = std::make_shared<const std::string>(std::move(frame)), .suffix = {}});
}

void device_connection::object(const std::string& ref, const error& why) {
  say(encode_error(ref, why));
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
  if (const auto device = device_of(*bearer, plan_->device); !device) return refuse_client(first.ref, device.error());
  if (!first.ref.empty()) auth_ref_.edit() = first.ref;
  begin_session(*bearer);
}

void device_connection::refuse_client(const std::string& ref, const error& why) {
  say(encode_error(ref, why));
  close(close_code::authentication_failed, why.detail);
}

void device_connection::begin_session(const claims& bearer) {
  token_.emplace(bearer, *device_of(bearer, plan_->device), shared_.config.auth.expiry_grace);
  if (plan_->resume)
    resume_session(*plan_->resume);
  else
    open_session();
}

void device_connection::open_session() {
  session_ = std::make_shared<device_session>(token_->user(), token_->device(), worker_, shared_);
  socket_->introduce(session_->ticket(0));
  session_->open(*this, std::exchange(plan_, nullptr)->skip_replay);
}

void device_connection::resume_session(const resume_ticket& ticket) {
  is_joining_ = true;
  shared_.sessions.claim({ticket, token_->user(), token_->device()}, worker_,
                         [weak = weak_from_this(), s = ticket.s](std::shared_ptr<device_session> found) {
                           const auto self = weak.lock();
                           if (self && !self->ended_ && !self->closing_since_)
                             self->join(std::move(found), s);
                           else if (found)
                             found->park();
                         });
}

void device_connection::join(std::shared_ptr<device_session> session, std::uint64_t s) {
  is_joining_ = false;
  if (session) {
    plan_ = nullptr;
    session_ = std::move(session);
    socket_->introduce(session_->ticket(s));
    session_->resume(*this, s);
  } else {
    open_session();
  }
  read_on();
  socket_->flush();
}

void device_connection::renew(const std::string& ref, const std::string& token) {
  const auto bearer = shared_.tokens.verify(token);
  if (!bearer) return say(encode_error(ref, bearer.error()));
  if (const auto renewed = token_->renew(*bearer); !renewed) return say(encode_error(ref, renewed.error()));
  if (!ref.empty()) say(encode_plain_ack(ref));
}

void device_connection::on_written() {
  taken_ = shared_.time.steady();
  if (session_ && !socket_->is_full()) session_->drained();
  read_on();
}

// Time. ---------------------------------------------------------------------------------------------------------------

void device_connection::tick(instant now) {
  const auto self = shared_from_this();
  socket_->tick(now);
  if (ended_) return;
  watch_client(now);
  socket_->flush();
}

void device_connection::watch_client(instant now) {
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
    if (!is_joining_ && now - began_ > shared_.config.http.handshake_timeout)
      close(close_code::authentication_failed, "no token came in time");
    return;
  }
  // Who polls is watched by its transport.
  if (!socket_->polled()) {
    const auto silence_max = 2 * shared_.config.session.heartbeat;
    if (now - heard_ > silence_max) return close_now(close_code::heartbeat_lost, "no sign of life");
    // It may speak and not listen; then its replay would wait for ever.
    if (!socket_->is_half_full()) taken_ = now;
    if (now - taken_ > silence_max) return close_now(close_code::too_slow, "the client does not read");
  }
  watch_lag(now);
  watch_token(now);
}

void device_connection::watch_token(instant now) {
  switch (token_->check(shared_.time.now(), now)) {
  case token_watch::verdict::fine: return;
  case token_watch::verdict::expired:
    return say(encode_error("", {errc::token_expired, "the token has expired; send auth with a new one", {}, {}}));
  case token_watch::verdict::over: return close(close_code::authentication_failed, "the token has expired");
  }
}

void device_connection::watch_lag(instant now) {
  if (!session_->is_lagging() || !socket_->is_full())
    full_since_.reset();
  else if (!full_since_)
    full_since_ = now;
  else if (now - *full_since_ >= shared_.config.limits.lag_timeout)
    close_now(close_code::too_slow, "the client does not read");
}

// The end. ------------------------------------------------------------------------------------------------------------

void device_connection::say_goodbye(milliseconds pause) {
  if (session_ && !closing_since_) say(encode_bye(pause));
  close(close_code::drain, "the server restarts");
  socket_->flush();
}

bool device_connection::may_close(close_code code) {
  if (closing_since_ || ended_) return false;
  closing_since_ = shared_.time.steady();
  is_final_ = static_cast<unsigned>(code) >= first_final_code;
  // There is no WebSocket yet that could be closed.
  if (!is_open_) end();
  return is_open_;
}

void device_connection::close(close_code code, std::string_view reason) {
  if (!may_close(code)) return;
  socket_->close(code, reason);
}

void device_connection::close_now(close_code code, std::string_view reason) {
  if (!may_close(code)) return;
  socket_->close_now(code, reason);
}

void device_connection::end() {
  if (std::exchange(ended_, true)) return;
  if (const auto session = std::exchange(session_, nullptr)) {
    if (is_final_)
      session->end();
    else
      session->detach();
  }
  socket_->drop();
  worker_.forget(shared_from_this());
}

} // namespace parley::net

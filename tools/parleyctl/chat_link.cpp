#include "tools/parleyctl/chat_link.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "tools/client/websocket_wait.hpp"
#include "tools/parleyctl/refusal.hpp"

namespace parley::ctl {

namespace {

constexpr std::chrono::seconds welcome_limit{10}, goodbye_limit{1};

instant now_steady() { return std::chrono::steady_clock::now(); }

std::uint32_t random_seed() { return std::random_device{}(); }

} // namespace

chat_link::chat_link(client::server_url server, credentials& who, chat_session& session, chat_view& view)
    : server_{std::move(server)}, who_{who}, session_{session}, view_{view}, policy_{random_seed()} {}

result<void> chat_link::prepare() {
  const auto address = client::resolve(server_);
  if (!address) return fail(address.error());
  address_ = *address;
  auto token = who_.get_token();
  if (!token) return fail(token.error());
  token_ = std::move(*token);
  return {};
}

result<bool> chat_link::turn(instant until, int input) {
  const auto now = now_steady();
  if (!socket_ && now >= connect_at_) {
    if (const auto begun = connect(); !begun) return fail(begun.error());
  }
  session_.repeat(now);
  keep_alive(now);
  send_outgoing();
  const auto has_input = client::wait_for(socket_.get(), next_deadline(until), scratch_, input);
  send_outgoing();
  if (failure_) return fail(*failure_);
  if (ending_) {
    if (const auto handled = handle_ending(now_steady()); !handled) return fail(handled.error());
  }
  return has_input;
}

result<void> chat_link::connect() {
  client::websocket_events& events = *this; // make_unique may not see a private base
  socket_ = std::make_unique<client::websocket>(events);
  heard_at_ = spoke_at_ = now_steady();
  return socket_->connect(address_, {.authority = server_.authority(), .target = session_.target(), .token = token_});
}

instant chat_link::next_deadline(instant until) const {
  if (!socket_) return std::min(until, connect_at_);
  auto next = std::min(until, heard_at_ + (session_.is_connected() ? 2 * session_.heartbeat() : welcome_limit));
  if (session_.is_connected()) next = std::min(next, spoke_at_ + session_.heartbeat() * 4 / 5);
  if (const auto repeat = session_.repeat_at()) next = std::min(next, *repeat);
  return next;
}

void chat_link::keep_alive(instant now) {
  if (!socket_) return;
  const auto patience = session_.is_connected() ? 2 * session_.heartbeat() : std::chrono::milliseconds{welcome_limit};
  if (now >= heard_at_ + patience) return socket_->abandon();
  if (session_.is_connected() && now >= spoke_at_ + session_.heartbeat() * 4 / 5) {
    socket_->send_text(R"({"type":"ping"})");
    spoke_at_ = now;
  }
}

void chat_link::send_outgoing() {
  if (!socket_ || socket_->has_ended()) return;
  for (const auto& frame : session_.take_outgoing()) {
    socket_->send_text(frame);
    spoke_at_ = now_steady();
  }
  if (socket_->is_open()) socket_->flush();
}

void chat_link::text_received(std::string_view text) {
  heard_at_ = now_steady();
  const auto was_connected = session_.is_connected();
  if (const auto taken = session_.on_frame(text, heard_at_); !taken) {
    failure_ = taken.error();
    return;
  }
  if (const auto delay = session_.take_return_delay()) policy_.asked_to_return_after(*delay);
  if (was_connected || !session_.is_connected()) return;
  policy_.welcomed();
  was_welcomed_ = true;
  if (!std::exchange(is_back_, true)) view_.show_notice("connected again");
}

result<void> chat_link::handle_ending(instant now) {
  const auto how = *std::exchange(ending_, std::nullopt);
  socket_.reset();
  session_.on_connection_lost();
  const auto why = fmt::format("{}: {}", server_.text(), ending_text(how));
  // A first attempt that fails is more likely a mistake than an accident.
  if (!was_welcomed_) return fail(errc::unavailable, why);

  const auto [step, delay] = policy_.decide(how);
  if (step == next_step::stop) return fail(errc::unavailable, why);
  if (step == next_step::renew) {
    auto token = who_.get_token();
    if (!token) return fail(token.error());
    token_ = std::move(*token);
  }
  if (std::exchange(is_back_, false)) view_.show_notice(why + ", trying again");
  connect_at_ = now + delay;
  return {};
}

void chat_link::close() {
  if (!socket_ || !socket_->is_open()) return;
  send_outgoing();
  socket_->send_close(1000);
  socket_->flush();
  const auto end = now_steady() + goodbye_limit;
  while (!socket_->has_ended() && now_steady() < end) client::wait_for(socket_.get(), end, scratch_);
}

} // namespace parley::ctl

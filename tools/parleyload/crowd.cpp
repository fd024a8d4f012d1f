#include "tools/parleyload/crowd.hpp"

#include <algorithm>

#include <arpa/inet.h>
#include <fmt/format.h>

#include "tools/client/token.hpp"
#include "tools/parleyload/interrupt.hpp"

namespace parley::load {

namespace {

constexpr std::chrono::seconds tend_every{1}, goodbye_limit{2};
// The system has 28,000 ports for each address and searches long for the last half of them.
constexpr std::uint32_t connections_per_address = 8'000;

instant now_steady() { return std::chrono::steady_clock::now(); }

/// An own address for a connection to a server on this machine: 127.0.0.1, 127.0.0.2 and so on.
std::optional<client::tcp_address> source_for(const client::tcp_address& to, std::uint32_t index) {
  if (to.where.ss_family != AF_INET || !to.is_loopback()) return std::nullopt;
  client::tcp_address from;
  auto& address = reinterpret_cast<sockaddr_in&>(from.where);
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK + index / connections_per_address);
  from.length = sizeof address;
  return from;
}

} // namespace

crowd::crowd(const target_options& target, const server_watch& servers, crowd_shape shape, crowd_listener* listener)
    : target_{target},
      servers_{servers},
      shape_{shape},
      listener_{listener},
      name_{parley::system_clock{}.now()},
      members_(shape.members) {
  if (shape_.users == 0) shape_.users = shape_.members;
  for (std::uint32_t index = 0; index < shape_.members; ++index) {
    members_[index].all = this;
    members_[index].index = index;
  }
}

user_id crowd::user(std::uint32_t who) const { return name_.user(who % shape_.users, 'm'); }

arrival crowd::connect(double per_second, std::uint32_t under_way_max) {
  std::vector<std::uint32_t> waiting;
  for (const auto& each : members_)
    if (!each.device || !each.device->is_ready()) waiting.push_back(each.index);
  arrival_ = {};
  under_way_ = 0;
  const auto begin = now_steady();
  const std::chrono::duration<double> interval{1 / per_second};
  const auto due = [&](std::size_t place) {
    return begin + std::chrono::duration_cast<instant::duration>(interval * static_cast<double>(place));
  };
  for (std::size_t next = 0; !was_interrupted() && (next < waiting.size() || under_way_ > 0);) {
    const auto now = now_steady();
    while (next < waiting.size() && under_way_ < under_way_max && due(next) <= now) {
      start(members_[waiting[next]], due(next));
      ++next;
    }
    turn(next < waiting.size() ? std::max(due(next), now + std::chrono::milliseconds{1}) : now + tend_every);
  }
  arrival_.took = now_steady() - begin;
  return arrival_;
}

void crowd::start(member& who, instant due) {
  who.due = due;
  who.has_resumed = false;
  who.device = std::make_unique<connection>(loop_, who);
  const auto server = who.index % servers_.count();
  const auto& to = servers_.address(server);
  const auto from = source_for(to, who.index);
  auto token = client::mint_token(target_.secret, {.user = user(who.index)}, parley::system_clock{}.now());
  ++under_way_;
  who.device->connect(
      to, {.authority = target_.servers[server].authority(), .target = path_of(who), .token = std::move(token)},
      now_steady(), from ? &*from : nullptr);
}

std::string crowd::path_of(const member& who) const {
  auto path = fmt::format("/connect?device=d{}", who.index / shape_.users);
  if (who.resume)
    path += fmt::format("&resume={}&key={}&s={}", client::percent_encode(who.resume->session),
                        client::percent_encode(who.resume->key), who.resume->s);
  return path;
}

void crowd::drop_all() {
  drops_ = true;
  for (auto& each : members_)
    if (each.device) each.device->abandon("");
  // Whoever had something to write is done with the loop before it goes.
  turn(now_steady());
  for (auto& each : members_) each.device.reset();
  drops_ = false;
}

void crowd::close_all() {
  for (auto& each : members_)
    if (each.device) each.device->close();
  const auto is_closed = [](const member& each) { return !each.device || each.device->is_lost(); };
  const auto end = now_steady() + goodbye_limit;
  while (now_steady() < end && !std::all_of(members_.begin(), members_.end(), is_closed)) turn(end);
}

void crowd::turn(instant until) {
  loop_.turn(std::min(until, tended_at_ + tend_every));
  const auto now = now_steady();
  if (now - tended_at_ < tend_every) return;
  tended_at_ = now;
  for (auto& each : members_)
    if (each.device) each.device->tend(now);
}

// A member

void crowd::member::on_welcome(connection&, const scanned_frame& frame) {
  has_resumed = frame.resumed;
  if (!all->shape_.resumes) return;
  if (!resume) resume = std::make_unique<ticket>();
  if (frame.resumed) return;
  *resume = {std::string{frame.session}, std::string{frame.resume_key}, 0};
}

void crowd::member::on_ready(connection&) {
  --all->under_way_;
  ++all->arrival_.ready;
  if (has_resumed) ++all->arrival_.resumed;
  all->arrival_.latency.record(now_steady() - due);
}

void crowd::member::on_frame(connection&, const scanned_frame& frame) {
  if (resume && frame.s > 0) resume->s = frame.s;
  if (all->listener_) all->listener_->on_frame(index, frame);
}

void crowd::member::on_lost(connection& which, const std::string& why) {
  if (all->drops_) return;
  if (!why.empty()) ++all->failures_[why];
  if (which.was_ready()) return;
  --all->under_way_;
  ++all->arrival_.failed;
}

} // namespace parley::load

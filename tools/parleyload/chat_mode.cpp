#include "tools/parleyload/chat_mode.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <unistd.h>

#include "tools/client/token.hpp"
#include "tools/parleyload/interrupt.hpp"

namespace parley::load {

namespace {

constexpr std::chrono::seconds drain_limit{10}, close_limit{1}, tend_every{1};
// How long the loop rests at least while it sends by schedule: shorter would cost more than it tells.
constexpr std::chrono::microseconds rest{100};
// Open messages of a pair that sends by schedule; more than a server ever answers at once.
constexpr std::uint32_t scheduled_window = 256;
constexpr std::uint64_t no_end = ~std::uint64_t{0};

instant now_steady() { return std::chrono::steady_clock::now(); }

processor_use between(const process_usage& before, const process_usage& after) {
  return {after.cpu - before.cpu, after.resident_bytes};
}

} // namespace

chat_mode::chat_mode(const chat_options& options)
    : options_{options},
      run_{.name = run_name{parley::system_clock{}.now()},
           .texts = {"", payloads::bytes_min},
           .window = options.rate > 0 ? scheduled_window : options.window,
           .echo = options.echo} {
  run_.texts = payloads{run_.name.text(), options.text_bytes};
  report_.run = run_.name.text();
}

result<chat_report> chat_mode::run() {
  if (const auto prepared = prepare(); !prepared) return fail(prepared.error());
  if (const auto connected = connect(); !connected) return fail(connected.error());
  send();
  drain();
  close();
  for (const auto& pair : pairs_) {
    pair->settle();
    if (pair->has_failed()) ++report_.pairs_failed;
  }
  report_.results = run_.results;
  report_.interrupted = was_interrupted();
  return report_;
}

result<void> chat_mode::prepare() {
  if (const auto room = make_room_for(2 * std::size_t{options_.pairs}); !room) return room;
  auto servers = server_watch::find(options_);
  if (!servers) return fail(servers.error());
  servers_ = std::move(*servers);
  pairs_.reserve(options_.pairs);
  for (std::uint32_t index = 0; index < options_.pairs; ++index) pairs_.push_back(std::make_unique<pair>(run_, index));
  return {};
}

result<void> chat_mode::connect() {
  const auto begin = now_steady();
  const std::chrono::duration<double> interval{2.0 / options_.connections_per_second};
  const auto is_decided = [](const auto& pair) { return pair->is_ready() || pair->has_failed(); };
  while (!was_interrupted()) {
    const auto now = now_steady();
    while (started_ < pairs_.size() && now >= begin + interval * static_cast<double>(started_)) start_next_pair(now);
    if (started_ == pairs_.size() && std::all_of(pairs_.begin(), pairs_.end(), is_decided)) break;
    turn(now + std::chrono::milliseconds{2});
  }
  report_.connecting = now_steady() - begin;
  const auto failed = std::all_of(pairs_.begin(), pairs_.end(), [](const auto& pair) { return pair->has_failed(); });
  if (failed)
    return fail(errc::unavailable,
                fmt::format("{}: {}", options_.servers.front().text(), run_.results.failures.begin()->first));
  return {};
}

void chat_mode::start_next_pair(instant now) {
  const auto index = static_cast<std::uint32_t>(started_);
  pairs_[started_]->connect(way_in(index, 'a', 2 * started_), way_in(index, 'b', 2 * started_ + 1), now);
  ++started_;
}

pair::way_in chat_mode::way_in(std::uint32_t index, char side, std::size_t connection) const {
  const auto server = connection % options_.servers.size();
  auto token = client::mint_token(options_.secret, {.user = run_.name.user(index, side)}, parley::system_clock{}.now());
  return {servers_.address(server), {.authority = options_.servers[server].authority(), .token = std::move(token)}};
}

void chat_mode::send() {
  const auto begin = now_steady();
  const auto measured_from = begin + std::chrono::duration_cast<instant::duration>(options_.warm_up);
  if (options_.rate > 0) {
    run_.times = {begin, std::chrono::duration<double, std::nano>{1e9 / options_.rate}, options_.pairs};
  } else {
    for (const auto& pair : pairs_) pair->allow(no_end, begin);
  }
  send_until(measured_from);
  begin_measuring();
  send_until(measured_from + std::chrono::duration_cast<instant::duration>(options_.duration));
  report_.sending = now_steady() - measured_since_;
  report_.completed_while_sending = run_.results.completed - completed_before_;
  for (const auto& pair : pairs_) {
    const auto left = pair->stop();
    if (options_.rate > 0) report_.unsent += left;
  }
  if (const auto after = usage_of(::getpid()); after && own_before_) report_.own = between(*own_before_, *after);
  if (const auto after = servers_.usage(); after && server_before_) report_.server = between(*server_before_, *after);
}

void chat_mode::send_until(instant end) {
  for (auto now = now_steady(); now < end && !was_interrupted(); now = now_steady()) {
    release_scheduled(now);
    turn(options_.rate > 0 ? std::min(end, std::max(now + rest, next_scheduled())) : end);
  }
}

void chat_mode::begin_measuring() {
  measured_since_ = now_steady();
  completed_before_ = run_.results.completed;
  run_.results.to_ack = {};
  run_.results.to_received = {};
  own_before_ = usage_of(::getpid());
  server_before_ = servers_.usage();
}

void chat_mode::release_scheduled(instant now) {
  if (options_.rate <= 0) return;
  for (; next_scheduled() <= now; ++released_)
    pairs_[released_ % options_.pairs]->allow(released_ / options_.pairs + 1, now);
}

instant chat_mode::next_scheduled() const {
  return run_.times.time_of(static_cast<std::uint32_t>(released_ % options_.pairs), released_ / options_.pairs);
}

void chat_mode::drain() {
  const auto begin = now_steady();
  const auto end = begin + drain_limit;
  for (auto now = begin; now < end && run_.open_messages > 0; now = now_steady()) turn(end);
  report_.draining = now_steady() - begin;
}

void chat_mode::close() {
  for (const auto& pair : pairs_) {
    pair->confirm_all();
    pair->close();
  }
  const auto is_closed = [](const auto& pair) { return pair->is_closed(); };
  const auto end = now_steady() + close_limit;
  while (now_steady() < end && !std::all_of(pairs_.begin(), pairs_.end(), is_closed)) turn(end);
}

void chat_mode::turn(instant until) {
  run_.loop.turn(std::min(run_.tasks.next(until), tended_at_ + tend_every));
  const auto now = now_steady();
  while (const auto task = run_.tasks.pop(now)) task->whose->perform(*task);
  if (now - tended_at_ < tend_every) return;
  tended_at_ = now;
  for (std::size_t index = 0; index < started_; ++index) pairs_[index]->tend(now);
}

} // namespace parley::load

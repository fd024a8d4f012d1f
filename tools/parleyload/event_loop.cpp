#include "tools/parleyload/event_loop.hpp"

#include <algorithm>
#include <array>

#include <sys/epoll.h>

#include <parley/ensure.hpp>

namespace parley::load {

namespace {

constexpr std::size_t scratch_bytes = 256 << 10;

epoll_event interest(socket_owner& owner, bool for_writing) {
  epoll_event event{};
  event.events = EPOLLIN | (for_writing ? EPOLLOUT : 0U);
  event.data.ptr = &owner;
  return event;
}

timespec wait_until(instant until) {
  const auto left = std::max(std::chrono::nanoseconds{0}, until - std::chrono::steady_clock::now());
  const auto seconds = std::chrono::floor<std::chrono::seconds>(left);
  return {.tv_sec = seconds.count(), .tv_nsec = (left - seconds).count()};
}

} // namespace

event_loop::event_loop() : epoll_{::epoll_create1(EPOLL_CLOEXEC)}, scratch_(scratch_bytes) {
  ensure(epoll_.is_open(), "the system gives us an epoll");
}

void event_loop::watch(int socket, socket_owner& owner, bool for_writing) {
  auto event = interest(owner, for_writing);
  ensure(::epoll_ctl(epoll_.number(), EPOLL_CTL_ADD, socket, &event) == 0, "an open socket can be watched");
}

void event_loop::watch_again(int socket, socket_owner& owner, bool for_writing) {
  auto event = interest(owner, for_writing);
  ensure(::epoll_ctl(epoll_.number(), EPOLL_CTL_MOD, socket, &event) == 0, "a watched socket can be watched again");
}

void event_loop::turn(instant until) {
  // An owner that flushes may end, and tell others who send: they are for the next round.
  flushing_.swap(flushes_);
  for (auto* owner : flushing_) owner->flush();
  flushing_.clear();

  std::array<epoll_event, 512>
      events; // NOLINT(cppcoreguidelines-pro-type-member-init): 6 KiB a turn, filled by the kernel
  const auto wait = flushes_.empty() ? wait_until(until) : timespec{};
  const auto count = ::epoll_pwait2(epoll_.number(), events.data(), static_cast<int>(events.size()), &wait, nullptr);
  for (int i = 0; i < count; ++i) {
    const auto& event = events[static_cast<std::size_t>(i)];
    auto& owner = *static_cast<socket_owner*>(event.data.ptr);
    if ((event.events & EPOLLOUT) != 0) owner.flush();
    if ((event.events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0) owner.on_readable();
  }
}

} // namespace parley::load

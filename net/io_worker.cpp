#include "net/io_worker.hpp"

#include <boost/asio/post.hpp>
#include <spdlog/spdlog.h>

#include <random>

namespace parley::net {

io_worker::io_worker(const clock& time, std::chrono::milliseconds beat) : time_{time}, beat_{beat} {}

io_worker::~io_worker() { stop(); }

void io_worker::run() {
  thread_ = std::thread{[this] {
    beat();
    // A defect in one handler must not take the other connections along.
    for (;;) {
      try {
        io_.run();
        return;
      } catch (const std::exception& defect) {
        spdlog::error("defect in a connection: {}", defect.what());
      }
    }
  }};
}

void io_worker::stop() {
  if (!thread_.joinable()) return;
  // A session whose connection does not end would wait for it for ever.
  post([this] {
    for_each("the end", [](watched_connection& one) { one.end(); });
    io_.stop();
  });
  thread_.join();
}

void io_worker::post(std::function<void()> job) { boost::asio::post(io_, std::move(job)); }

void io_worker::watch(const std::shared_ptr<watched_connection>& connection) {
  watched_.insert(connection);
  watched_count_ = watched_.size();
}

void io_worker::forget(const std::shared_ptr<watched_connection>& connection) {
  watched_.erase(connection);
  watched_count_ = watched_.size();
}

void io_worker::tick() {
  for_each("a tick", [now = time_.steady()](watched_connection& one) { one.tick(now); });
}

void io_worker::say_goodbye(std::chrono::milliseconds spread) {
  std::mt19937 random{std::random_device{}()};
  std::uniform_int_distribution<std::int64_t> pause{0, spread.count()};
  for_each("a goodbye", [&](watched_connection& one) { one.say_goodbye(std::chrono::milliseconds{pause(random)}); });
}

template <class Call> void io_worker::for_each(const char* what, Call call) {
  // A connection that ends forgets itself.
  const std::vector<std::shared_ptr<watched_connection>> all{watched_.begin(), watched_.end()};
  for (const auto& connection : all) {
    try {
      call(*connection);
    } catch (const std::exception& defect) {
      spdlog::error("defect in {} of a connection: {}", what, defect.what());
    }
  }
}

void io_worker::beat() {
  timer_.expires_after(beat_);
  timer_.async_wait([this](const boost::system::error_code& stopped) {
    if (stopped) return;
    tick();
    beat();
  });
}

} // namespace parley::net

#include "net/io_worker.hpp"

#include <random>
#include <vector>

#include <spdlog/spdlog.h>

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
  io_.stop();
  thread_.join();
  watched_.clear();
}

void io_worker::say_goodbye(std::chrono::milliseconds spread) {
  std::mt19937 random{std::random_device{}()};
  std::uniform_int_distribution<std::int64_t> pause{0, spread.count()};
  const std::vector<std::shared_ptr<watched_connection>> all{watched_.begin(), watched_.end()};
  for (const auto& connection : all) connection->say_goodbye(std::chrono::milliseconds{pause(random)});
}

void io_worker::beat() {
  timer_.expires_after(beat_);
  timer_.async_wait([this](const boost::system::error_code& stopped) {
    if (stopped) return;
    const auto now = time_.steady();
    // A tick may end its connection, which then forgets itself.
    const std::vector<std::shared_ptr<watched_connection>> all{watched_.begin(), watched_.end()};
    for (const auto& connection : all) connection->tick(now);
    beat();
  });
}

} // namespace parley::net

/// One thread of the edge: its sockets, and the clock by which they notice what did not happen.

#pragma once

#include <functional>
#include <memory>
#include <thread>
#include <unordered_set>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <parley/clock.hpp>

namespace parley::net {

/// A connection that watches its own deadlines. Called on its worker's thread.
class watched_connection {
public:
  virtual ~watched_connection() = default;

  virtual void tick(instant now) = 0;
  /// The node goes: the client is to come back after `pause`.
  virtual void say_goodbye(std::chrono::milliseconds pause) = 0;
};

class io_worker {
public:
  /// Calls `tick` of its connections every `beat`. Starts a thread with `run`.
  io_worker(const clock& time, std::chrono::milliseconds beat);
  ~io_worker();
  io_worker(const io_worker&) = delete;
  io_worker& operator=(const io_worker&) = delete;

  [[nodiscard]] boost::asio::io_context& io() { return io_; }
  void run();
  /// Ends the thread; connections that are left go with it. Not from the worker's own thread.
  void stop();

  // On the worker's thread.
  void watch(const std::shared_ptr<watched_connection>& connection) { watched_.insert(connection); }
  void forget(const std::shared_ptr<watched_connection>& connection) { watched_.erase(connection); }
  [[nodiscard]] std::size_t watched() const { return watched_.size(); }
  void say_goodbye(std::chrono::milliseconds spread);

private:
  void beat();

  const clock& time_;
  std::chrono::milliseconds beat_;
  boost::asio::io_context io_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{io_.get_executor()};
  boost::asio::basic_waitable_timer<std::chrono::steady_clock, boost::asio::wait_traits<std::chrono::steady_clock>,
                                    boost::asio::io_context::executor_type>
      timer_{io_.get_executor()};
  std::unordered_set<std::shared_ptr<watched_connection>> watched_;
  std::thread thread_;
};

} // namespace parley::net

/// One thread of the edge: its sockets, and the clock by which they notice what did not happen.

#pragma once

#include <parley/clock.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <functional>
#include <memory>
#include <thread>
#include <unordered_set>
#include <vector>

namespace parley::net {

/// A connection that watches its own deadlines. Called on its worker's thread.
class watched_connection {
public:
  virtual ~watched_connection() = default;

  virtual void tick(instant now) = 0;
  /// The node goes: the client is to come back after `pause`.
  virtual void say_goodbye(std::chrono::milliseconds pause) = 0;
  /// Lets go of everything at once, and has the worker forget it.
  virtual void end() = 0;
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
  /// Ends the connections that are left, then the thread. Not from the worker's own thread.
  void stop();

  // Any thread.
  void post(std::function<void()> job);
  [[nodiscard]] std::size_t watched() const { return watched_count_; }

  // On the worker's thread.
  void watch(const std::shared_ptr<watched_connection>& connection);
  void forget(const std::shared_ptr<watched_connection>& connection);
  void tick();
  void say_goodbye(std::chrono::milliseconds spread);

private:
  void beat();
  /// Calls `what` for each connection; a defect in one is logged and does not reach the others.
  template <class Call> void for_each(const char* what, Call call);

  const clock& time_;
  std::chrono::milliseconds beat_;
  boost::asio::io_context io_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{io_.get_executor()};
  boost::asio::basic_waitable_timer<std::chrono::steady_clock, boost::asio::wait_traits<std::chrono::steady_clock>,
                                    boost::asio::io_context::executor_type>
      timer_{io_.get_executor()};
  std::unordered_set<std::shared_ptr<watched_connection>> watched_;
  std::atomic<std::size_t> watched_count_{0};
  std::thread thread_;
};

} // namespace parley::net

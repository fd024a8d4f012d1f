#include "net/auth/work_pool.hpp"

#include <doctest/doctest.h>

#include <future>
#include <memory>
#include <optional>

using namespace parley;
using namespace parley::net;
using namespace std::chrono_literals;

namespace {

/// A pool whose one thread is busy until `release` is called.
struct busy_pool {
  manual_clock time;
  std::promise<void> started;
  std::promise<void> released;
  std::optional<work_pool> pool;

  explicit busy_pool(std::size_t queue) {
    pool.emplace(work_pool_limits{.threads = 1, .queue = queue, .age = 5s}, time);
    pool->run([this](const result<void>&) {
      started.set_value();
      released.get_future().wait();
    });
    started.get_future().wait();
  }

  void release() { released.set_value(); }

  /// Runs a job that tells what it was told.
  std::future<result<void>> run() {
    auto told = std::make_shared<std::promise<result<void>>>();
    auto answer = told->get_future();
    pool->run([told](result<void> may_run) { told->set_value(std::move(may_run)); });
    return answer;
  }
};

} // namespace

TEST_CASE("work pool: jobs run on a thread of the pool") {
  system_clock time;
  work_pool pool{{.threads = 2}, time};
  std::promise<std::thread::id> ran;
  pool.run([&](const result<void>& may_run) {
    CHECK(may_run);
    ran.set_value(std::this_thread::get_id());
  });
  CHECK(ran.get_future().get() != std::this_thread::get_id());
}

TEST_CASE("work pool: a full queue refuses at once") {
  busy_pool busy{2};
  auto first = busy.run();
  auto second = busy.run();
  auto third = busy.run();
  REQUIRE(third.wait_for(0s) == std::future_status::ready);
  const auto told = third.get();
  REQUIRE_FALSE(told);
  CHECK(told.error().code == errc::overloaded);
  CHECK(told.error().retry_after > 0ms);
  busy.release();
  CHECK(first.get());
  CHECK(second.get());
  CHECK(busy.run().get());
}

TEST_CASE("work pool: a job that has waited for too long is not run") {
  busy_pool busy{8};
  auto late = busy.run();
  busy.time.advance(5'001ms);
  auto fresh = busy.run();
  busy.release();
  CHECK(late.get().error().code == errc::timeout);
  CHECK(fresh.get());
}

TEST_CASE("work pool: when it ends, waiting jobs are told and running ones are awaited") {
  busy_pool busy{8};
  auto waiting = busy.run();
  // The running job ends only after the waiting one has been told, which the end of the pool must do first.
  auto told = std::async(std::launch::async, [&] {
    auto answer = waiting.get();
    busy.release();
    return answer;
  });
  busy.pool.reset();
  CHECK(told.get().error().code == errc::unavailable);
}

TEST_CASE("work pool: a job that throws ends alone") {
  system_clock time;
  work_pool pool{{}, time};
  pool.run([](const result<void>&) { throw std::runtime_error{"a test"}; });
  std::promise<bool> ran;
  pool.run([&](const result<void>& may_run) { ran.set_value(may_run.has_value()); });
  CHECK(ran.get_future().get());
}

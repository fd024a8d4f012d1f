#include "net/io_worker.hpp"

#include <doctest/doctest.h>

#include <future>
#include <optional>
#include <set>
#include <stdexcept>

using namespace parley;
using namespace parley::net;

namespace {

struct counted_connection final : watched_connection, std::enable_shared_from_this<counted_connection> {
  explicit counted_connection(io_worker& owner) : worker{owner} {}

  void tick(instant) override {
    ++ticks;
    if (is_defective) throw std::runtime_error{"a defect"};
  }
  void say_goodbye(std::chrono::milliseconds pause) override { told = pause; }
  void end() override {
    ended = true;
    worker.forget(shared_from_this());
  }

  io_worker& worker;
  bool is_defective = false;
  int ticks = 0;
  std::optional<std::chrono::milliseconds> told;
  bool ended = false;
};

struct worker_fixture {
  manual_clock time;
  io_worker worker{time, std::chrono::milliseconds{1}};

  std::shared_ptr<counted_connection> connect() {
    auto made = std::make_shared<counted_connection>(worker);
    worker.watch(made);
    return made;
  }
  /// Waits until the worker's thread has done what was posted before.
  void settle() {
    std::promise<void> done;
    worker.post([&] { done.set_value(); });
    done.get_future().wait();
  }
};

} // namespace

TEST_CASE_FIXTURE(worker_fixture, "worker: connections are watched until they are forgotten") {
  const auto one = connect(), other = connect();
  CHECK(worker.watched() == 2);
  worker.tick();
  worker.forget(one);
  worker.tick();
  CHECK(one->ticks == 1);
  CHECK(other->ticks == 2);
  CHECK(worker.watched() == 1);
}

TEST_CASE_FIXTURE(worker_fixture, "worker: a connection with a defect does not stop the clock of the others") {
  std::vector<std::shared_ptr<counted_connection>> all;
  for (int i = 0; i < 10; ++i) all.push_back(connect());
  all[3]->is_defective = true;
  all[7]->is_defective = true;
  worker.tick();
  worker.tick();
  for (const auto& one : all) CHECK(one->ticks == 2);
}

TEST_CASE_FIXTURE(worker_fixture, "worker: each is told goodbye with a pause of its own within the spread") {
  std::vector<std::shared_ptr<counted_connection>> all;
  for (int i = 0; i < 50; ++i) all.push_back(connect());
  worker.say_goodbye(std::chrono::milliseconds{1'000});
  std::set<std::int64_t> pauses;
  for (const auto& one : all) {
    REQUIRE(one->told);
    CHECK(one->told->count() <= 1'000);
    pauses.insert(one->told->count());
  }
  CHECK(pauses.size() > 25);
}

TEST_CASE_FIXTURE(worker_fixture, "worker: its thread survives a handler that throws") {
  worker.run();
  worker.post([] { throw std::runtime_error{"a defect"}; });
  settle();
  worker.stop();
}

TEST_CASE_FIXTURE(worker_fixture, "worker: what is left when it stops is ended") {
  worker.run();
  std::shared_ptr<counted_connection> one, other;
  worker.post([&] {
    one = connect();
    other = connect();
    one->is_defective = true;
  });
  settle();
  worker.stop();
  CHECK(one->ended);
  CHECK(other->ended);
  CHECK(worker.watched() == 0);
}

TEST_CASE_FIXTURE(worker_fixture, "worker: one that never ran stops at once") {
  worker.stop();
  worker.stop();
}

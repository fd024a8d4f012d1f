#include <doctest/doctest.h>

#include <array>
#include <atomic>
#include <future>
#include <thread>

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/scoped_actor.hpp>
#include <spdlog/spdlog.h>

#include "actors/directory.hpp"
#include "actors/failure.hpp"
#include "actors/messages.hpp"
#include "actors/system.hpp"

namespace parley::tests {

/// To an actor of these tests: count me; answered with how many were counted since it began.
struct count_me {};
/// Break a promise.
struct break_down {};

} // namespace parley::tests

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(parley::tests::count_me)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(parley::tests::break_down)

namespace parley::tests {

using namespace std::chrono_literals;
using actors::address;

namespace {

/// An actor system with threads, and a directory with the actor type `counter`.
struct counters {
  counters() {
    spdlog::set_level(spdlog::level::off);
    REQUIRE(directory.add({"counter", [this](const std::string& key) { return start(key); }}));
  }
  ~counters() {
    directory.close();
    wait_until([this] { return directory.size() == 0; });
    // The directory stands until its last actor is gone.
    runtime.reset();
  }

  caf::actor start(const std::string& key) {
    ++started;
    return runtime->system().spawn([this, key](caf::event_based_actor* self) -> caf::behavior {
      actors::guard_against_defects(self, "counter");
      auto counted = std::make_shared<int>(0);
      return {
          [this, self, key, counted](count_me) {
            ++all_counted;
            if (passivates && directory.passivate({"counter", key}, self)) self->quit();
            return ++*counted;
          },
          [](break_down) { throw std::runtime_error{"a promise was broken"}; },
          [this, self, key](const actors::wind_up&) {
            if (directory.passivate({"counter", key}, self)) self->quit();
          },
      };
    });
  }

  /// Asks and waits for the answer.
  result<int> ask(const address& to) {
    std::promise<result<int>> answered;
    auto answer = answered.get_future();
    runtime->system().spawn([&, to](caf::event_based_actor* self) {
      directory.ask(self, to, 5s, count_me{})
          .then([&](int counted) { answered.set_value(counted); },
                [&](const caf::error& why) { answered.set_value(fail(actors::from_caf(why))); });
    });
    return answer.get();
  }

  template <class Condition> static bool wait_until(Condition condition) {
    const auto deadline = std::chrono::steady_clock::now() + 20s;
    while (!condition()) {
      if (std::chrono::steady_clock::now() > deadline) return false;
      std::this_thread::yield();
    }
    return true;
  }

  actors::directory directory;
  std::unique_ptr<actors::actor_runtime> runtime = std::make_unique<actors::actor_runtime>(2);
  std::atomic<std::size_t> started{0}, all_counted{0};
  std::atomic<bool> passivates{false};
};

} // namespace

TEST_CASE_FIXTURE(counters, "directory: an actor begins with its first message and stays") {
  CHECK(directory.size() == 0);
  CHECK(ask({"counter", "a"}) == 1);
  CHECK(ask({"counter", "a"}) == 2);
  CHECK(ask({"counter", "b"}) == 1);
  CHECK(directory.size() == 2);
  CHECK(started == 2);
}

TEST_CASE_FIXTURE(counters, "directory: a name is registered once") {
  const auto again = directory.add({"counter", nullptr});
  REQUIRE_FALSE(again);
  CHECK(again.error().code == errc::conflict);
}

TEST_CASE_FIXTURE(counters, "directory: a request to nobody fails, a message to nobody is dropped") {
  REQUIRE(directory.add({"picky", [](const std::string&) { return caf::actor{}; }}));
  CHECK(ask({"dancer", "a"}).error().code == errc::unavailable);
  CHECK(ask({"picky", "a"}).error().code == errc::unavailable);
  directory.tell({"dancer", "a"}, count_me{});
  directory.tell({"picky", "a"}, count_me{});
  CHECK(directory.size() == 0);
}

TEST_CASE_FIXTURE(counters, "directory: an actor that passivates is started again by the next message") {
  passivates = true;
  CHECK(ask({"counter", "a"}) == 1);
  CHECK(ask({"counter", "a"}) == 1);
  CHECK(started == 2);
  CHECK(directory.size() == 0);
}

TEST_CASE_FIXTURE(counters, "directory: passivation loses no message") {
  constexpr std::size_t threads = 2, messages = 50'000, keys = 1'000;
  passivates = true;
  std::array<std::thread, threads> senders;
  for (std::size_t i = 0; i < threads; ++i)
    senders[i] = std::thread{[this, i] {
      for (std::size_t j = 0; j < messages; ++j)
        directory.tell({"counter", std::to_string((j * 7 + i) % keys)}, count_me{});
    }};
  for (auto& sender : senders) sender.join();
  CHECK(wait_until([this] { return all_counted == threads * messages; }));
  CHECK(all_counted == threads * messages);
  CHECK(started > keys);
}

TEST_CASE_FIXTURE(counters, "directory: the key of an actor that broke down works again") {
  for (int i = 0; i < 20; ++i) {
    CHECK(ask({"counter", "a"}) == 1);
    directory.tell({"counter", "a"}, break_down{});
    CHECK(wait_until([this] { return directory.size() == 0; }));
  }
}

TEST_CASE_FIXTURE(counters, "directory: requests behind a break-down fail, they do not wait") {
  for (int i = 0; i < 200; ++i) {
    directory.tell({"counter", "a"}, break_down{});
    const auto answer = ask({"counter", "a"});
    if (!answer) CHECK(answer.error().code == errc::unavailable);
    directory.tell({"counter", "a"}, break_down{});
  }
  CHECK(wait_until([this] { return ask({"counter", "a"}).has_value(); }));
}

TEST_CASE_FIXTURE(counters, "directory: an actor that ends while it is being started blocks nobody") {
  REQUIRE(directory.add({"mayfly", [this](const std::string&) {
                           auto born = runtime->system().spawn([](caf::event_based_actor* self) { self->quit(); });
                           caf::scoped_actor { runtime->system() } -> wait_for(born);
                           return born;
                         }}));
  for (int i = 0; i < 10; ++i) CHECK(ask({"mayfly", "a"}).error().code == errc::unavailable);
  CHECK(directory.size() == 0);
}

TEST_CASE_FIXTURE(counters, "directory: a closed one starts nobody and asks who runs to end") {
  CHECK(ask({"counter", "a"}) == 1);
  directory.close();
  CHECK(wait_until([this] { return directory.size() == 0; }));
  CHECK(ask({"counter", "a"}).error().code == errc::unavailable);
  CHECK(ask({"counter", "b"}).error().code == errc::unavailable);
  CHECK(started == 1);
}

/// Two nodes: actors whose key begins with `b` belong to the other one. The links hand messages over as they are.
struct two_nodes : counters {
  two_nodes() {
    REQUIRE(other.add({"counter", [this](const std::string& key) { return start_other(key); }}));
    link = runtime->system().spawn([this](caf::event_based_actor* self) -> caf::behavior {
      return {[this, self](actors::outgoing& sent) -> caf::result<caf::message> {
        if (!self->current_message_id().is_request()) {
          other.tell_here(sent.to, std::move(sent.what));
          return caf::message{};
        }
        auto promise = self->make_response_promise();
        other.ask_here(self, sent.to, 5s, std::move(sent.what))
            .then([promise](int counted) mutable { promise.deliver(counted); },
                  [promise](caf::error& why) mutable { promise.deliver(std::move(why)); });
        return caf::delegated<caf::message>{};
      }};
    });
  }
  ~two_nodes() {
    other.close();
    wait_until([this] { return other.size() == 0; });
    caf::anon_send_exit(link, caf::exit_reason::user_shutdown);
    link = nullptr;
  }

  caf::actor start_other(const std::string& key) {
    return runtime->system().spawn([this, key](caf::event_based_actor* self) -> caf::behavior {
      auto counted = std::make_shared<int>(100);
      return {
          [this, counted](count_me) {
            ++all_counted;
            return ++*counted;
          },
          [this, self, key](const actors::wind_up&) {
            if (other.passivate({"counter", key}, self)) self->quit();
          },
      };
    });
  }

  void split() {
    directory.route_by([this](const address& where) { return where.key.starts_with('b') ? link : caf::actor{}; });
  }

  actors::directory other;
  caf::actor link;
};

TEST_CASE_FIXTURE(two_nodes, "directory: an actor of another node answers like one that is here") {
  split();
  CHECK(ask({"counter", "a"}) == 1);
  CHECK(ask({"counter", "b"}) == 101);
  directory.tell({"counter", "b"}, count_me{});
  CHECK(wait_until([this] { return all_counted == 3; }));
  CHECK(ask({"counter", "b"}) == 103);
  CHECK(ask({"dancer", "b"}).error().code == errc::unavailable);
  CHECK(directory.size() == 1);
  CHECK(other.size() == 1);
}

TEST_CASE_FIXTURE(two_nodes, "directory: when an actor comes to belong elsewhere, the one here winds up") {
  CHECK(ask({"counter", "b"}) == 1);
  split();
  CHECK(wait_until([this] { return directory.size() == 0; }));
  CHECK(ask({"counter", "b"}) == 101);
  directory.route_by([](const address&) { return caf::actor{}; });
  CHECK(ask({"counter", "b"}) == 1);
}

TEST_CASE_FIXTURE(two_nodes, "directory: no message is lost while actors move to and fro") {
  constexpr std::size_t messages = 50'000, keys = 500;
  std::thread sender{[&] {
    for (std::size_t i = 0; i < messages; ++i)
      directory.tell({"counter", (i % 2 == 0 ? "a" : "b") + std::to_string(i % keys)}, count_me{});
  }};
  for (int i = 0; i < 50; ++i) {
    split();
    std::this_thread::yield();
    directory.route_by([](const address&) { return caf::actor{}; });
  }
  sender.join();
  CHECK(wait_until([this] { return all_counted == messages; }));
  CHECK(all_counted == messages);
}

} // namespace parley::tests

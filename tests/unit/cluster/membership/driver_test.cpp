#include "cluster/membership/driver.hpp"

#include <algorithm>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "cluster/membership/view.hpp"
#include "persistence/open.hpp"

namespace parley::tests {

using namespace std::chrono_literals;

using cluster::membership_driver;
using cluster::membership_end;

namespace {

constexpr auto patience = 20s;

/// What a driver called back.
class heard_events {
public:
  [[nodiscard]] cluster::membership_events events() {
    return {.on_view = [this](const cluster_view& view) { note([&] { views.push_back(view); }); },
            .on_unowned = [this] { note([&] { ++unowned; }); },
            .on_end = [this](const membership_end& end) { note([&] { ends.push_back(end.why); }); }};
  }

  template <class Condition> [[nodiscard]] bool wait(Condition holds, std::chrono::milliseconds at_most = patience) {
    std::unique_lock lock{mutex_};
    return changed_.wait_for(lock, at_most, [&] { return holds(*this); });
  }
  [[nodiscard]] bool wait_for_nodes(std::size_t count, node_state state) {
    return wait([&](const heard_events& heard) {
      return !heard.views.empty() &&
             std::ranges::count(heard.views.back().nodes, state, &cluster_node::state) == static_cast<long>(count);
    });
  }

  std::vector<cluster_view> views;
  int unowned = 0;
  std::vector<membership_end::cause> ends;

private:
  template <class Note> void note(Note note) {
    const std::scoped_lock lock{mutex_};
    note();
    changed_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable changed_;
};

/// A store that can be away, or keep its callers waiting.
class moody_store final : public node_store {
public:
  explicit moody_store(std::shared_ptr<node_store> to) : to_{std::move(to)} {}

  result<cluster_view> read() override { return is_back() ? to_->read() : fail(errc::unavailable, "away"); }
  result<beat_report> beat(const node_id& node, std::uint64_t incarnation) override {
    if (!is_back()) return fail(errc::unavailable, "away");
    return to_->beat(node, incarnation);
  }
  result<void> change(const view_change& change) override {
    return is_back() ? to_->change(change) : fail(errc::unavailable, "away");
  }

  void hang() {
    const std::scoped_lock lock{mutex_};
    hangs_ = true;
  }
  void release() {
    const std::scoped_lock lock{mutex_};
    hangs_ = false;
    released_.notify_all();
  }

private:
  /// Whoever was kept waiting has waited in vain.
  bool is_back() {
    std::unique_lock lock{mutex_};
    if (!hangs_) return true;
    released_.wait(lock, [&] { return !hangs_; });
    return false;
  }

  std::shared_ptr<node_store> to_;
  std::mutex mutex_;
  std::condition_variable released_;
  bool hangs_ = false;
};

/// Real time, but twenty times as fast as in service.
cluster::membership_limits quick() {
  return {.beat_every = 50ms,
          .silent_max = 300ms,
          .own_silence_max = 290ms,
          .refused_for = 50ms,
          .refused_silence = 75ms,
          .gap_max = 150ms,
          .retry_after = 10ms,
          .turn = 4ms};
}

cluster::node_identity identity_of(const std::string& id, std::uint8_t instance) {
  cluster::node_identity made{.id = {id}, .instance = {}, .address = id, .protocol_min = 1, .protocol_max = 1};
  made.instance.bytes.back() = instance;
  return made;
}

struct running_member {
  running_member(const std::string& id, std::uint8_t instance, std::shared_ptr<node_store> store,
                 std::shared_ptr<const clock> time = std::make_shared<system_clock>())
      : driver{identity_of(id, instance), quick(), std::move(store), std::move(time), heard.events()} {
    driver.set_ready();
  }

  heard_events heard;
  membership_driver driver;
};

} // namespace

TEST_CASE("membership driver: two nodes find each other, and one sees the other leave") {
  const auto store = persistence::open_memory().value().nodes;
  running_member one{"n1", 1, store};
  running_member two{"n2", 2, store};
  CHECK(one.heard.wait_for_nodes(2, node_state::up));
  CHECK(two.heard.wait_for_nodes(2, node_state::up));
  CHECK(two.driver.leave(patience));
  CHECK(two.heard.wait([](const heard_events& heard) { return heard.ends.size() == 1 && heard.unowned == 1; }));
  CHECK(one.heard.wait_for_nodes(1, node_state::down));
  CHECK_FALSE(two.driver.may_own());
  CHECK(one.driver.may_own());
}

TEST_CASE("membership driver: a node that stops without a word is taken for dead, and starts again") {
  const auto store = persistence::open_memory().value().nodes;
  running_member one{"n1", 1, store};
  {
    running_member two{"n2", 2, store};
    REQUIRE(one.heard.wait_for_nodes(2, node_state::up));
    two.driver.stop();
    two.driver.stop();
    CHECK(one.heard.wait_for_nodes(1, node_state::down));
  }
  running_member again{"n2", 3, store};
  CHECK(one.heard.wait_for_nodes(2, node_state::up));
  CHECK(again.heard.wait_for_nodes(2, node_state::up));
}

TEST_CASE("membership driver: a second process under the same id ends") {
  const auto store = persistence::open_memory().value().nodes;
  running_member one{"n1", 1, store};
  REQUIRE(one.heard.wait_for_nodes(1, node_state::up));
  running_member twin{"n1", 2, store};
  REQUIRE(twin.heard.wait([](const heard_events& heard) { return !heard.ends.empty(); }));
  CHECK(twin.heard.ends.front() == membership_end::cause::taken);
  CHECK(twin.heard.views.empty());
  CHECK(one.driver.may_own());
}

TEST_CASE("membership driver: while a store keeps it waiting the node finds out that it owns nothing") {
  const auto store = std::make_shared<moody_store>(persistence::open_memory().value().nodes);
  const auto time = std::make_shared<manual_clock>();
  running_member one{"n1", 1, store, time};
  REQUIRE(one.heard.wait_for_nodes(1, node_state::up));
  store->hang();
  time->advance(quick().own_silence_max);
  CHECK_FALSE(one.driver.may_own());
  one.driver.wake();
  CHECK(one.heard.wait([](const heard_events& heard) { return heard.unowned == 1; }));
  const auto told = one.heard.views.size();

  store->release();
  // The call that hung has failed; when the next one is made, the clock says.
  const auto owns_again = [&](const heard_events& heard) { return heard.views.size() > told; };
  const auto give_up = std::chrono::steady_clock::now() + patience;
  while (!one.heard.wait(owns_again, 5ms) && std::chrono::steady_clock::now() < give_up) {
    time->advance(10ms);
    one.driver.wake();
  }
  CHECK(one.driver.may_own());
  CHECK(one.heard.wait(owns_again));
}

} // namespace parley::tests

#include "tools/simulate/view_change.hpp"

#include <functional>
#include <memory>
#include <queue>
#include <random>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "cluster/membership/membership_state.hpp"
#include "cluster/membership/view.hpp"
#include "persistence/open.hpp"

namespace parley::simulate {

namespace {

using namespace std::chrono_literals;

class large_cluster {
public:
  explicit large_cluster(std::size_t nodes) : store_{persistence::open_memory().value().nodes} {
    // All are up already: how so many join is another question.
    view_change all{.expected = 0, .put = {}, .forgotten = {}, .silent = {}};
    for (std::size_t i = 0; i < nodes; ++i) {
      cluster_node node{.id = {fmt::format("node-{:04}", i)},
                        .incarnation = 1,
                        .instance = {},
                        .address = fmt::format("10.0.{}.{}:7000", i / 250, i % 250),
                        .protocol_min = 1,
                        .protocol_max = 1,
                        .state = node_state::up};
      node.instance.bytes[14] = static_cast<std::uint8_t>(i >> 8U);
      node.instance.bytes[15] = static_cast<std::uint8_t>(i);
      const cluster::node_identity self{node.id, node.instance, node.address, 1, 1};
      members_.push_back(std::make_unique<cluster::membership_state>(self, cluster::membership_limits{}, now_));
      all.put.push_back(std::move(node));
    }
    static_cast<void>(store_->change(all));
    for (std::size_t i = 0; i < nodes; ++i) at(now_ + random_time(1'000'000), [this, i] { turn(i); });
  }

  view_change_cost lose_one(bool is_refused) {
    run_until(now_ + 5s);
    cost_ = {};
    run_until(now_ + 1s);
    view_change_cost cost{.idle_calls = cost_.beats + cost_.reads + cost_.changes};
    cost_ = {};
    const auto death = now_;
    const node_id dead{fmt::format("node-{:04}", dead_)};
    is_dead_ = true;
    if (is_refused) note_refusals(dead, death);
    while (!store_says_down(dead) && now_ < death + 20s) run_until(now_ + 10ms);
    cost_.until_marked = std::chrono::duration_cast<std::chrono::milliseconds>(now_ - death);
    const auto version = store_->read()->version;
    while (!all_hold(version) && now_ < death + 20s) run_until(now_ + 10ms);
    cost_.until_all_know = std::chrono::duration_cast<std::chrono::milliseconds>(now_ - death);
    cost_.idle_calls = cost.idle_calls;
    return cost_;
  }

private:
  using event = std::pair<instant, std::function<void()>>;
  struct later {
    bool operator()(const event& one, const event& other) const { return one.first > other.first; }
  };

  std::chrono::microseconds random_time(long most) { return std::chrono::microseconds{random_() % most}; }
  void at(instant when, std::function<void()> what) { events_.emplace(when, std::move(what)); }

  void run_until(instant end) {
    while (!events_.empty() && events_.top().first <= end) {
      auto what = events_.top().second;
      now_ = events_.top().first;
      events_.pop();
      what();
    }
    now_ = end;
  }

  template <class Think> auto thinking(Think think) {
    const auto begin = std::chrono::steady_clock::now();
    auto made = think();
    cost_.thinking += std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - begin);
    return made;
  }

  void turn(std::size_t number) {
    if (is_dead_ && number == dead_) return;
    auto& one = *members_[number];
    auto request = thinking([&] { return one.next(now_); });
    if (request) {
      const auto arrives = now_ + 200us + random_time(1'000);
      at(arrives, [this, number, what = *std::move(request)] { arrive(number, what); });
    } else if (const auto wakes = thinking([&] { return one.wake_at(now_); }))
      at(std::max(*wakes, now_ + 1ms), [this, number] { turn(number); });
  }

  void arrive(std::size_t number, const cluster::store_request& request) {
    std::function<void(cluster::membership_state&)> hand_over;
    if (std::holds_alternative<cluster::ask_view>(request)) {
      ++cost_.reads;
      hand_over = [this, view = store_->read()](auto& one) { one.view_read(view, now_); };
    } else if (const auto* beat = std::get_if<cluster::ask_beat>(&request)) {
      ++cost_.beats;
      hand_over = [this, report = store_->beat(beat->node, beat->incarnation)](auto& one) {
        one.beat_answered(report, now_);
      };
    } else {
      auto done = store_->change(std::get<view_change>(request));
      ++(done ? cost_.changes : cost_.refused_changes);
      hand_over = [this, done = std::move(done)](auto& one) { one.change_answered(done, now_); };
    }
    at(now_ + 200us + random_time(1'000), [this, number, hand_over = std::move(hand_over)] {
      if (is_dead_ && number == dead_) return;
      thinking([&] {
        hand_over(*members_[number]);
        return 0;
      });
      turn(number);
    });
  }

  void note_refusals(const node_id& dead, instant death) {
    for (std::size_t number = 0; number < members_.size(); ++number) {
      if (number == dead_) continue;
      at(death + random_time(50'000), [this, number, dead] {
        members_[number]->note_failure(dead, cluster::connection_failure::reset, now_);
        turn(number);
      });
      at(death + 500ms + random_time(50'000), [this, number, dead] {
        members_[number]->note_failure(dead, cluster::connection_failure::refused, now_);
        turn(number);
      });
    }
  }

  bool store_says_down(const node_id& id) {
    const auto view = store_->read().value();
    return cluster::find_node(view, id)->state == node_state::down;
  }

  bool all_hold(std::uint64_t version) const {
    for (std::size_t number = 0; number < members_.size(); ++number)
      if (number != dead_ && members_[number]->view().version < version) return false;
    return true;
  }

  std::mt19937_64 random_{1};
  instant now_{1000s};
  std::shared_ptr<node_store> store_;
  std::vector<std::unique_ptr<cluster::membership_state>> members_;
  std::priority_queue<event, std::vector<event>, later> events_;
  std::size_t dead_ = 7;
  bool is_dead_ = false;
  view_change_cost cost_;
};

} // namespace

view_change_cost lose_one_of(std::size_t nodes, bool is_refused) { return large_cluster{nodes}.lose_one(is_refused); }

} // namespace parley::simulate

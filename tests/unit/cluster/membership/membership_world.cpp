#include "tests/unit/cluster/membership/membership_world.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include "cluster/membership/placement.hpp"
#include "cluster/membership/view.hpp"
#include "persistence/open.hpp"
#include "tests/unit/cluster/membership/world_process.hpp"

namespace parley::tests {

using namespace std::chrono_literals;

namespace {

constexpr world_time tick = 10ms;
constexpr world_time call_timeout = 2s;

double seconds(world_time span) { return std::chrono::duration<double>(span).count(); }

class world {
public:
  explicit world(std::uint64_t seed) : random_{seed}, store_{persistence::open_memory().value().nodes} {
    history_.push_back({});
    const auto nodes = draw(3, 7);
    for (std::size_t i = 0; i < nodes; ++i) start(i);
    is_lossy_ = one_in(2);
    lags_ = one_in(3);
  }

  world_report run() {
    const auto heals_at = 30s + 1s * draw(0, 40);
    auto next_fault = world_time{draw(0, 12'000'000)};
    while (now_ < heals_at && report_.violation.empty()) {
      step();
      if (now_ < next_fault) continue;
      fault();
      next_fault = now_ + world_time{draw(100'000, 5'000'000)};
    }
    heal();
    while (now_ < heals_at + 10s && report_.violation.empty()) step();
    if (report_.violation.empty()) check_rest();
    return report_;
  }

private:
  std::size_t draw(std::size_t least, std::size_t most) { return least + random_() % (most - least + 1); }
  bool one_in(std::size_t n) { return draw(1, n) == 1; }
  world_time draw_time(world_time least, world_time most) { return world_time{draw(least.count(), most.count())}; }

  void violate(std::string what) {
    if (report_.violation.empty()) report_.violation = fmt::format("at {:.2f} s: {}", seconds(now_), what);
  }

  // Faults. ----------------------------------------------------------------------------------------------------------

  void start(std::size_t number) {
    cluster::node_identity self{.id = {fmt::format("n{}", number)},
                                .instance = {},
                                .address = fmt::format("host:{}", processes_.size()),
                                .protocol_min = 1,
                                .protocol_max = 1};
    self.instance.bytes.back() = static_cast<std::uint8_t>(processes_.size());
    const auto drift = static_cast<std::int64_t>(draw(0, 20'000)) - 10'000;
    auto made = std::make_unique<process>(std::move(self), now_, draw_time(0s, 1000s), drift);
    made->ready_at = now_ + draw_time(0s, one_in(4) ? 10s : 1s);
    processes_.push_back(std::move(made));
    ++report_.starts;
  }

  /// Null if nobody lives.
  process* pick() {
    std::vector<process*> living;
    for (const auto& one : processes_)
      if (one->is_alive()) living.push_back(one.get());
    return living.empty() ? nullptr : living[draw(0, living.size() - 1)];
  }

  void kill(process& one, bool is_mute) {
    one.died_at = now_;
    one.is_mute = is_mute;
  }

  static std::size_t number_of(const process& one) { return std::stoul(one.self.id.value.substr(1)); }

  void fault() {
    auto* one = pick();
    if (!one || one_in(4)) return start_again();
    switch (draw(0, 9)) {
    case 0:
    case 1: ++report_.kills; return kill(*one, one_in(3));
    case 2:
    case 3:
      ++report_.pauses;
      one->paused_until = now_ + (one_in(3) ? 3s : one_in(2) ? 8s : 12s);
      return one->disturb(one->paused_until);
    case 4:
      ++report_.cuts;
      one->cut_until = now_ + draw_time(1s, 12s);
      return one->disturb(one->cut_until + call_timeout);
    case 5:
      ++report_.outages;
      away_.push_back({now_, now_ + draw_time(1s, 10s)});
      for (const auto& other : processes_) other->disturb(away_.back().second + call_timeout);
      return;
    case 6: ++report_.twins; return start(number_of(*one));
    case 7:
      ++report_.refusals;
      one->refusing_until = now_ + draw_time(1s, 6s);
      return;
    case 8:
      ++report_.drains;
      static_cast<void>(one->state.drain(one_in(2) ? one->self.id : pick()->self.id));
      return;
    default: ++report_.leaves; return one->state.leave();
    }
  }

  /// A process for an id that has none.
  void start_again() {
    std::vector<std::size_t> free;
    for (std::size_t number = 0; number < 7; ++number)
      if (std::ranges::none_of(processes_,
                               [&](const auto& one) { return one->is_alive() && number_of(*one) == number; }))
        free.push_back(number);
    if (!free.empty()) start(free[draw(0, free.size() - 1)]);
  }

  void heal() {
    is_lossy_ = lags_ = false;
    for (auto& [from, until] : away_) until = std::min(until, now_);
    for (const auto& one : processes_) {
      one->paused_until = std::min(one->paused_until, now_);
      one->cut_until = std::min(one->cut_until, now_);
      one->refusing_until = std::min(one->refusing_until, now_);
      one->ready_at = std::min(one->ready_at, now_);
    }
    if (!pick()) start(0);
    for (const auto& one : processes_) one->ready_at = std::min(one->ready_at, now_);
  }

  // Time goes on. ----------------------------------------------------------------------------------------------------

  void step() {
    now_ += tick;
    for (std::size_t i = 0; i < processes_.size(); ++i) {
      auto& one = *processes_[i];
      if (one.call && !one.call->has_arrived && now_ >= one.call->arrives_at) arrive(one);
      if (!one.is_running(now_)) continue;
      if (now_ >= one.ready_at) one.state.set_ready();
      if (one.call && one.call->has_arrived && now_ >= one.call->answered_at) hand_over(one);
      if (now_ >= one.links_at) try_links(one);
      // A driver sleeps until then, unless it is woken.
      const auto wakes = one.state.wake_at(one.local(now_));
      if (wakes && one.local(now_) >= *wakes) ask(one);
      if (one.state.end()) end(one);
      check_process(one);
    }
    if (now_ % 100ms == 0s) check_deaths();
  }

  void ask(process& one) {
    auto request = one.state.next(one.local(now_));
    if (!request) return;
    store_call call{.request = *std::move(request), .answer = result<void>{}};
    call.arrives_at = now_ + draw_time(1ms, 100ms);
    call.answered_at = call.arrives_at + draw_time(1ms, 100ms);
    if (is_lossy_ && one_in(15)) {
      (one_in(2) ? call.loses_request : call.loses_answer) = true;
      call.answered_at = now_ + call_timeout;
      one.disturb(call.answered_at);
      ++report_.lost;
    }
    one.call = std::move(call);
  }

  void arrive(process& one) {
    auto& call = *one.call;
    call.has_arrived = true;
    const auto is_away =
        std::ranges::any_of(away_, [&](const auto& span) { return now_ >= span.first && now_ < span.second; });
    if (call.loses_request || is_away || now_ < one.cut_until) {
      fail_call(call);
      return;
    }
    if (std::holds_alternative<cluster::ask_view>(call.request))
      call.answer = read(one);
    else if (const auto* beat = std::get_if<cluster::ask_beat>(&call.request))
      call.answer = raise(one, *beat);
    else
      call.answer = change(one, std::get<view_change>(call.request));
    if (call.loses_answer) fail_call(call);
  }

  static void fail_call(store_call& call) {
    const auto why = fail(errc::unavailable, "no answer");
    if (std::holds_alternative<cluster::ask_view>(call.request))
      call.answer = result<cluster_view>{why};
    else if (std::holds_alternative<cluster::ask_beat>(call.request))
      call.answer = result<beat_report>{why};
    else
      call.answer = result<void>{why};
  }

  void hand_over(process& one) {
    const auto call = *std::exchange(one.call, std::nullopt);
    const auto local = one.local(now_);
    if (const auto* view = std::get_if<result<cluster_view>>(&call.answer))
      one.state.view_read(*view, local);
    else if (const auto* report = std::get_if<result<beat_report>>(&call.answer))
      one.state.beat_answered(*report, local);
    else
      one.state.change_answered(std::get<result<void>>(call.answer), local);
  }

  void end(process& one) {
    using cause = cluster::membership_end::cause;
    const auto why = one.state.end()->why;
    report_.taken += why == cause::taken;
    report_.replaced += why == cause::replaced;
    const auto other_lived = std::ranges::any_of(
        processes_, [&](const auto& other) { return other.get() != &one && other->self.id == one.self.id; });
    if ((why == cause::taken || why == cause::replaced) && !other_lived)
      violate(fmt::format("{} ended although it is the only one: {}", one.self.id.value, one.state.end()->reason));
    kill(one, false);
  }

  /// It tries to reach everybody it knows, as its links do.
  void try_links(process& one) {
    one.links_at = now_ + draw_time(300ms, 700ms);
    for (const auto& node : one.state.view().nodes) {
      if (node.state == node_state::down || node.id == one.self.id) continue;
      const auto* peer = process_of(node);
      if (peer->refuses(now_))
        one.state.note_failure(node.id,
                               one_in(4) ? cluster::connection_failure::reset : cluster::connection_failure::refused,
                               one.local(now_));
      else if (peer->is_running(now_)) {
        one.state.note_connected(node.id);
        one.state.note_version(peer->state.view().version);
      }
    }
  }

  process* process_of(const cluster_node& node) { return processes_[node.instance.bytes.back()].get(); }

  // The store. -------------------------------------------------------------------------------------------------------

  result<cluster_view> read(process& one) {
    if (!lags_ || !one_in(10)) return store_->read();
    ++report_.stale;
    one.disturb(now_ + 1s);
    return history_[draw(history_.size() - std::min<std::size_t>(4, history_.size()), history_.size() - 1)];
  }

  result<beat_report> raise(process& one, const cluster::ask_beat& beat) {
    auto report = store_->beat(beat.node, beat.incarnation);
    if (report->counted) {
      one.beaten_at = now_;
      const auto* row = cluster::find_node(history_.back(), beat.node);
      if (row->instance != one.self.instance) violate(one.self.id.value + " beats in the name of another process");
    }
    return report;
  }

  result<void> change(process& one, const view_change& change) {
    auto done = store_->change(change);
    if (!done) {
      ++report_.conflicts;
      return done;
    }
    ++report_.changes;
    const auto before = history_.back();
    history_.push_back(store_->read().value());
    if (history_.back().version != before.version + 1) violate("a change did not raise the version by one");
    for (const auto& node : change.put) check_change(one, cluster::find_node(before, node.id), node);
    return done;
  }

  // What holds always. -----------------------------------------------------------------------------------------------

  void check_change(const process& by, const cluster_node* before, const cluster_node& after) {
    auto& highest = incarnations_[after.id];
    if (after.state == node_state::joining) {
      if (after.incarnation <= highest) violate(after.id.value + " joins with an incarnation that is not higher");
      process_of(after)->beaten_at = now_;
      process_of(after)->removed_at.reset();
    }
    if (before && (after.state == node_state::down || after.instance != before->instance))
      process_of(*before)->removed_at = now_;
    highest = std::max(highest, after.incarnation);
    if (!before || before->state == node_state::down || process_of(*before) == &by) return;
    if (after.state == node_state::down || after.instance != before->instance) check_death(*process_of(*before), by);
  }

  /// Whether `by` was right to take `target` for dead.
  void check_death(const process& target, const process& by) {
    const auto silence = now_ - target.beaten_at;
    const auto is_refused = target.refuses(now_) || now_ < target.refusing_until + 10s;
    ++(silence < 5900ms ? report_.refused_deaths : report_.silent_deaths);
    if (!target.is_alive()) {
      if (is_refused ? silence < 1'480ms : silence < 5'900ms)
        violate(fmt::format("{} was marked down {:.2f} s after its last beat", target.self.id.value, seconds(silence)));
      return;
    }
    ++report_.living_marked_down;
    if (silence < (is_refused ? 1'480ms : 5'900ms))
      violate(fmt::format("{}, which lives, was marked down by {} {:.2f} s after its last beat", target.self.id.value,
                          by.self.id.value, seconds(silence)));
    if (const auto able = time_with_store(target.beaten_at); !is_refused && able < 2'500ms)
      violate(fmt::format("{}, which lives, was marked down though it could not beat: a store for {:.2f} of {:.2f} s",
                          target.self.id.value, seconds(able), seconds(silence)));
    if (!is_refused && target.is_running(now_) && target.may_own(now_))
      violate(fmt::format("{} was marked down and still owns", target.self.id.value));
  }

  /// How long from then to now there was one.
  [[nodiscard]] world_time time_with_store(world_time from) const {
    auto there = 0us;
    for (const auto& [away_from, away_until] : away_) {
      there += std::max(0us, std::min(away_from, now_) - from);
      from = std::max(from, away_until);
    }
    return there + std::max(0us, now_ - from);
  }

  void check_process(process& one) {
    const auto& view = one.state.view();
    if (view.version < one.checked_version)
      violate(fmt::format("{} goes back from version {} to {}", one.self.id.value, one.checked_version, view.version));
    if (view.version != one.checked_version) {
      one.checked_version = view.version;
      if (view.version >= history_.size() || !(view == history_[view.version]))
        violate(fmt::format("{} holds another view of version {}", one.self.id.value, view.version));
    }
    if (one.state.incarnation() != one.member_as) {
      one.member_as = one.state.incarnation();
      one.member_since = now_;
    }
    if (!one.may_own(now_)) return;
    check_twins(one);
    if (one.removed_at && now_ - std::max(*one.removed_at, one.calm_since) > 2s)
      violate(one.self.id.value + " was removed from the view and still owns");
  }

  void check_twins(const process& one) {
    for (const auto& other : processes_)
      if (other.get() != &one && other->self.id == one.self.id && other->is_running(now_) && other->may_own(now_) &&
          now_ > one.refusing_until + 10s && now_ > other->refusing_until + 10s)
        violate(fmt::format("two processes own as {}", one.self.id.value));
  }

  /// Who is dead is out of the view within eight seconds, if somebody was there to see it.
  void check_deaths() {
    for (const auto& node : history_.back().nodes) {
      const auto& dead = *process_of(node);
      if (node.state == node_state::down || dead.is_alive()) continue;
      for (const auto& one : processes_) {
        if (!one->is_running(now_) || one->state.incarnation() == 0) continue;
        const auto since = std::max({*dead.died_at, one->calm_since, one->member_since});
        if (now_ - since > 8s)
          violate(fmt::format("{} has been dead for {:.2f} s and is {}, and {} sees nothing", node.id.value,
                              seconds(now_ - *dead.died_at), cluster::to_string(node.state), one->self.id.value));
      }
    }
  }

  // What holds when everything is well. ------------------------------------------------------------------------------

  void check_rest() {
    std::map<node_id, const process*> living;
    for (const auto& one : processes_) {
      if (!one->is_alive()) continue;
      const auto& [id, first] = *living.emplace(one->self.id, one.get()).first;
      if (first != one.get()) violate("two processes live as " + id.value);
      const auto* row = cluster::find_node(one->state.view(), id);
      if (one->state.view().version != history_.back().version)
        violate(fmt::format("{} holds version {}, not {}", id.value, one->state.view().version, history_.size() - 1));
      else if (!row || row->instance != one->self.instance)
        violate(id.value + " lives and is not in the view");
      else if (row->state != node_state::up && row->state != node_state::draining)
        violate(fmt::format("{} lives and is {}", id.value, cluster::to_string(row->state)));
      else if (!one->may_own(now_))
        violate(id.value + " lives and may not own");
    }
    const cluster::placement_table table{history_.back()};
    for (std::size_t shard = 0; shard < cluster::shard_count && !living.empty(); ++shard) {
      const auto* owner = table.owner_of(static_cast<cluster::shard_number>(shard));
      if (!owner || !living.contains(*owner)) return violate(fmt::format("nobody owns shard {}", shard));
    }
  }

  std::mt19937_64 random_;
  world_report report_;
  world_time now_{0};
  std::shared_ptr<node_store> store_;
  /// The view of each version.
  std::vector<cluster_view> history_;
  std::map<node_id, std::uint64_t> incarnations_;
  /// At the place that their instance says.
  std::vector<std::unique_ptr<process>> processes_;
  /// When the store was away.
  std::vector<std::pair<world_time, world_time>> away_;
  bool is_lossy_ = false;
  bool lags_ = false;
};

} // namespace

world_report run_membership(std::uint64_t seed) { return world{seed}.run(); }

} // namespace parley::tests

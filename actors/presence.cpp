#include "actors/presence.hpp"

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>
#include <spdlog/spdlog.h>

#include "actors/presence_memory.hpp"
#include "actors/system.hpp"

namespace parley::actors {

namespace {

using std::chrono::milliseconds;

/// Watchers are told of a user at most this often.
constexpr milliseconds news_interval{2'000};

/// What the store knows of a user.
struct stored_presence {
  std::optional<timestamp> last_seen;
  std::vector<user_id> hidden_from;
};

class presence_actor final : public caf::event_based_actor {
public:
  presence_actor(caf::actor_config& config, const node_context& shared, user_id id)
      : caf::event_based_actor{config}, shared_{shared}, id_{std::move(id)}, memory_{shared.presences.take(id_)} {
    if (!memory_)
      memory_ = std::make_unique<presence_memory>(presence_memory{
          .state = presence_state{shared.config.presence.grace, news_interval}, .watchers = {}, .hidden_from = {}});
  }

  caf::behavior make_behavior() override {
    guard_against_defects(this, "presence");
    return {
        [this](const show_presence& what) {
          memory_->state.show(what.session, what.choice, shared_.clock.now(), shared_.clock.steady());
          work();
        },
        [this](const watch_presence& order) { watch(order); },
        [this](const unwatch_presence& order) {
          if (auto* watchers = memory_->watchers.if_used()) watchers->erase(order.session);
          work();
        },
        [this](const hide_presence& order) { hide(order); },
        [this](const look_around& reminder) {
          if (wake_at_ == reminder.due) wake_at_.reset();
          work();
        },
        [this](const wind_up&) {
          closing_ = true;
          memory_->watchers = {};
          memory_->state.leave_now(shared_.clock.now());
          work();
        },
    };
  }

private:
  void watch(const watch_presence& order) {
    if (closing_) return;
    const auto& watcher = memory_->watchers.edit()[order.session] = {order.watcher, order.link};
    if (memory_->is_complete)
      tell(watcher);
    else
      read();
  }

  void hide(const hide_presence& order) {
    if (order.on)
      memory_->hidden_from.edit().insert(order.other);
    else if (auto* hidden_from = memory_->hidden_from.if_used())
      hidden_from->erase(order.other);
    // Somebody who is hidden from sees the user go, whatever it does later.
    for (const auto& [_, one] : memory_->watchers.get())
      if (one.user == order.other) tell(one);
    // What is being read now may not have it yet.
    if (is_reading_) read_again_ = true;
    work();
  }

  void tell(const presence_watcher& one) const {
    const auto view = memory_->hidden_from.get().contains(one.user)
                          ? presence_view{}
                          : memory_->state.view(shared_.clock.now(), shared_.clock.steady());
    one.link->ephemeral(std::make_shared<const std::string>(encode_presence(id_, view.status, view.last_seen)));
  }

  /// Who is only present needs nothing from the store; whoever watches does.
  void read() {
    if (std::exchange(is_reading_, true)) return;
    shared_.readers.run(
        this, shared_.config.limits.request_age,
        [id = id_](const stores& s) -> result<stored_presence> {
          auto last_seen = s.accounts->last_seen(id);
          if (!last_seen) return fail(last_seen.error());
          auto hidden_from = s.accounts->blocked_by(id);
          if (!hidden_from) return fail(hidden_from.error());
          return stored_presence{*last_seen, std::move(*hidden_from)};
        },
        [this](const result<stored_presence>& stored) {
          is_reading_ = false;
          if (std::exchange(read_again_, false)) return read();
          // The database is away: those who watch are told when it is back.
          if (!stored) return wake_at(shared_.clock.steady() + news_interval);
          memory_->is_complete = true;
          memory_->state.remember(stored->last_seen);
          if (memory_->hidden_from.if_used() || !stored->hidden_from.empty())
            memory_->hidden_from.edit() = {stored->hidden_from.begin(), stored->hidden_from.end()};
          for (const auto& [_, one] : memory_->watchers.get()) tell(one);
          work();
        });
  }

  void work() {
    const auto now = shared_.clock.steady();
    if (!memory_->watchers.get().empty() && !memory_->is_complete) return read();
    if (memory_->state.take_change(now))
      for (const auto& [_, one] : memory_->watchers.get())
        if (!memory_->hidden_from.get().contains(one.user)) tell(one);
    if (const auto seen = memory_->state.take_last_seen(now)) return store(*seen);
    rest();
  }

  void store(timestamp seen) {
    storing_ = true;
    shared_.visits.add({id_, seen});
    shared_.readers.run(
        this, shared_.config.limits.request_age,
        [&visits = shared_.visits](const stores& s) { return visits.write(s); },
        [this](const result<void>& stored) {
          storing_ = false;
          if (!stored) spdlog::warn("the times of last visits were not stored: {}", stored.error().detail);
          work();
        });
  }

  void rest() {
    if (storing_ || is_reading_) return;
    const auto due = memory_->state.next(shared_.clock.steady());
    // The end of a grace matters also if nobody watches; that news wait does not.
    if (due && (memory_->state.is_leaving() || !memory_->watchers.get().empty())) return wake_at(*due);
    sleep();
  }

  /// Ends until the next message. What is worth remembering waits for that.
  void sleep() {
    const auto is_of_use = !closing_ && (memory_->state.has_sessions() || !memory_->watchers.get().empty());
    if (is_of_use) shared_.presences.put(id_, std::move(memory_));
    if (shared_.actors.passivate(presence_address(id_), this)) return quit();
    if (is_of_use) memory_ = shared_.presences.take(id_);
  }

  /// Only an earlier wake-up than the pending one is added to it.
  void wake_at(instant at) {
    if (wake_at_ && *wake_at_ <= at) return;
    wake_at_ = at;
    const auto pause = std::chrono::ceil<milliseconds>(at - shared_.clock.steady());
    delayed_send(this, std::max(pause, milliseconds{1}), look_around{at});
  }

  const node_context& shared_;
  user_id id_;
  std::unique_ptr<presence_memory> memory_;
  bool is_reading_ = false;
  bool read_again_ = false;
  std::optional<instant> wake_at_;
  bool storing_ = false;
  bool closing_ = false;
};

} // namespace

actor_type presence_type(caf::actor_system& system, const node_context& shared) {
  return {"presence", [&system, &shared](const std::string& key) -> caf::actor {
            return system.spawn<presence_actor>(shared, user_id{key});
          }};
}

void wind_up_presences(const node_context& shared) {
  for (const auto& user : shared.presences.users()) shared.actors.tell(presence_address(user), wind_up{});
}

} // namespace parley::actors

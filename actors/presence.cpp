#include "actors/presence.hpp"

#include <set>

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>
#include <spdlog/spdlog.h>

#include "actors/presence_state.hpp"
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
      : caf::event_based_actor{config},
        shared_{shared},
        id_{std::move(id)},
        state_{shared.config.presence.grace, news_interval} {}

  caf::behavior make_behavior() override {
    guard_against_defects(this, "presence");
    return {
        [this](const show_presence& what) {
          state_.show(what.session, what.choice, shared_.clock.now(), shared_.clock.steady());
          work();
        },
        [this](const watch_presence& order) { watch(order); },
        [this](const unwatch_presence& order) {
          watchers_.erase(order.session);
          work();
        },
        [this](const hide_presence& order) { hide(order); },
        [this](const look_around& reminder) {
          if (wake_at_ == reminder.due) wake_at_.reset();
          work();
        },
        [this](const wind_up&) {
          closing_ = true;
          watchers_.clear();
          state_.leave_now(shared_.clock.now());
          work();
        },
    };
  }

private:
  struct watcher {
    user_id user;
    client_link_ptr link;
  };

  void watch(const watch_presence& order) {
    if (closing_) return;
    watchers_[order.session] = {order.watcher, order.link};
    if (known_ == knowledge::all)
      tell(watchers_.at(order.session));
    else
      read();
  }

  void hide(const hide_presence& order) {
    if (order.on)
      hidden_from_.insert(order.other);
    else
      hidden_from_.erase(order.other);
    // Somebody who is hidden from sees the user go, whatever it does later.
    for (const auto& [_, one] : watchers_)
      if (one.user == order.other) tell(one);
    // What is being read now may not have it yet.
    if (known_ == knowledge::being_read) read_again_ = true;
    work();
  }

  void tell(const watcher& one) const {
    const auto view =
        hidden_from_.contains(one.user) ? presence_view{} : state_.view(shared_.clock.now(), shared_.clock.steady());
    one.link->ephemeral(std::make_shared<const std::string>(encode_presence(id_, view.status, view.last_seen)));
  }

  /// Who is only present needs nothing from the store; whoever watches does.
  void read() {
    if (known_ == knowledge::being_read) return;
    known_ = knowledge::being_read;
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
          known_ = knowledge::none;
          if (std::exchange(read_again_, false)) return read();
          if (!stored) return delay_reading();
          known_ = knowledge::all;
          state_.remember(stored->last_seen);
          hidden_from_ = {stored->hidden_from.begin(), stored->hidden_from.end()};
          for (const auto& [_, one] : watchers_) tell(one);
          work();
        });
  }

  /// The database is away: those who watch are told when it is back.
  void delay_reading() {
    known_ = knowledge::none;
    wake_at(shared_.clock.steady() + news_interval);
  }

  void work() {
    const auto now = shared_.clock.steady();
    if (!watchers_.empty() && known_ == knowledge::none) return read();
    if (state_.take_change(now))
      for (const auto& [_, one] : watchers_)
        if (!hidden_from_.contains(one.user)) tell(one);
    if (const auto seen = state_.take_last_seen(now)) return store(*seen);
    rest();
  }

  void store(timestamp seen) {
    storing_ = true;
    shared_.readers.run(
        this, shared_.config.limits.request_age,
        [id = id_, seen](const stores& s) { return s.accounts->set_last_seen(id, seen); },
        [this](const result<void>& stored) {
          storing_ = false;
          if (!stored) spdlog::warn("the last seen time of {} was not stored: {}", id_.value, stored.error().detail);
          work();
        });
  }

  void rest() {
    if (storing_ || known_ == knowledge::being_read) return;
    const auto due = state_.next(shared_.clock.steady());
    // The end of a grace matters also if nobody watches; that news wait does not.
    if (due && (state_.is_leaving() || !watchers_.empty())) return wake_at(*due);
    if ((state_.has_sessions() && !closing_) || !watchers_.empty()) return;
    if (shared_.actors.passivate(presence_address(id_), this)) quit();
  }

  /// Only an earlier wake-up than the pending one is added to it.
  void wake_at(instant at) {
    if (wake_at_ && *wake_at_ <= at) return;
    wake_at_ = at;
    const auto pause = std::chrono::ceil<milliseconds>(at - shared_.clock.steady());
    delayed_send(this, std::max(pause, milliseconds{1}), look_around{at});
  }

  enum class knowledge : std::uint8_t { none, being_read, all };

  const node_context& shared_;
  user_id id_;
  presence_state state_;
  std::map<session_id, watcher> watchers_;
  std::set<user_id> hidden_from_;
  knowledge known_ = knowledge::none;
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

} // namespace parley::actors

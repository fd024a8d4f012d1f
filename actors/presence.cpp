#include "actors/presence.hpp"

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>
#include <spdlog/spdlog.h>

#include "actors/system.hpp"

namespace parley::actors {

namespace {

class presence_actor final : public caf::event_based_actor {
public:
  presence_actor(caf::actor_config& config, const node_context& shared, user_id id)
      : caf::event_based_actor{config}, shared_{shared}, id_{std::move(id)} {}

  caf::behavior make_behavior() override {
    guard_against_defects(this, "presence");
    return {
        [this](const transports_counted& now) { on_transports(now.attached); },
        [this](const look_around&) {
          timer_runs_ = false;
          if (leaving_at_ && shared_.clock.steady() >= *leaving_at_)
            store_last_seen();
          else
            rest();
        },
        [this](const wind_up&) {
          closing_ = true;
          if (attached_ > 0 || leaving_at_)
            store_last_seen();
          else
            rest();
        },
    };
  }

private:
  void on_transports(std::size_t attached) {
    if (attached == 0 && attached_ > 0) {
      last_seen_ = shared_.clock.now();
      leaving_at_ = shared_.clock.steady() + shared_.config.presence.grace;
    } else if (attached > 0) {
      leaving_at_.reset();
      last_seen_.reset();
    }
    attached_ = attached;
    if (closing_ && leaving_at_) return store_last_seen();
    rest();
  }

  void store_last_seen() {
    leaving_at_.reset();
    storing_ = true;
    shared_.readers.run(
        this, shared_.config.limits.request_age,
        [id = id_, at = last_seen_.value_or(shared_.clock.now())](const stores& s) {
          return s.accounts->set_last_seen(id, at);
        },
        [this](const result<void>& stored) {
          storing_ = false;
          if (!stored) spdlog::warn("the last seen time of {} was not stored: {}", id_.value, stored.error().detail);
          rest();
        });
  }

  /// Waits for the end of the grace, or ends when the user is gone.
  void rest() {
    if (storing_) return;
    if (leaving_at_) {
      if (!std::exchange(timer_runs_, true)) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(*leaving_at_ - shared_.clock.steady());
        delayed_send(this, std::max(left, std::chrono::milliseconds{1}), look_around{});
      }
      return;
    }
    if (attached_ > 0 && !closing_) return;
    if (shared_.actors.passivate(presence_address(id_), this)) quit();
  }

  const node_context& shared_;
  user_id id_;
  std::size_t attached_ = 0;
  std::optional<timestamp> last_seen_;
  /// When the grace ends.
  std::optional<instant> leaving_at_;
  bool timer_runs_ = false;
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

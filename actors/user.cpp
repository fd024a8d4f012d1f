#include "actors/user.hpp"

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>

#include "actors/failure.hpp"
#include "actors/system.hpp"

namespace parley::actors {

namespace {

class user_actor final : public caf::event_based_actor {
public:
  user_actor(caf::actor_config& config, const node_context& shared, user_id id)
      : caf::event_based_actor{config}, shared_{shared}, id_{std::move(id)} {}

  caf::behavior make_behavior() override {
    guard_against_defects(this, "user");
    return {
        [this](const attach_session& came) -> caf::result<completed> {
          const auto admitted = shared_.deliveries.admit(id_, came.session, shared_.config.limits.connections_per_user);
          rest();
          if (!admitted) return to_caf(admitted.error());
          return completed{};
        },
        [this](const detach_session& gone) {
          shared_.deliveries.depart(id_, gone.session);
          rest();
        },
        [this](const wind_up&) { rest(); },
    };
  }

private:
  /// What it knows is in the delivery table, so it is needed for no longer than its messages.
  void rest() {
    if (shared_.actors.passivate(user_address(id_), this)) quit();
  }

  const node_context& shared_;
  user_id id_;
};

} // namespace

actor_type user_type(caf::actor_system& system, const node_context& shared) {
  return {"user", [&system, &shared](const std::string& key) -> caf::actor {
            return system.spawn<user_actor>(shared, user_id{key});
          }};
}

} // namespace parley::actors

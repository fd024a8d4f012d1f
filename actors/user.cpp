#include "actors/user.hpp"

#include <set>

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>
#include <fmt/format.h>

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
          const auto most = shared_.config.limits.connections_per_user;
          if (most > 0 && !sessions_.contains(came.session) && sessions_.size() >= most)
            return to_caf(error{errc::too_many, fmt::format("a user has {} connections at most", most), {}, {}});
          sessions_.insert(came.session);
          return completed{};
        },
        [this](const detach_session& gone) {
          sessions_.erase(gone.session);
          rest();
        },
        [this](const wind_up&) { end(); },
    };
  }

private:
  /// Without sessions there is nothing to keep.
  void rest() {
    if (sessions_.empty()) end();
  }

  void end() {
    if (shared_.actors.passivate(user_address(id_), this)) quit();
  }

  const node_context& shared_;
  user_id id_;
  std::set<session_id> sessions_;
};

} // namespace

actor_type user_type(caf::actor_system& system, const node_context& shared) {
  return {"user", [&system, &shared](const std::string& key) -> caf::actor {
            return system.spawn<user_actor>(shared, user_id{key});
          }};
}

} // namespace parley::actors

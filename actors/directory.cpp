#include "actors/directory.hpp"

#include <caf/actor_cast.hpp>
#include <caf/scheduled_actor.hpp>
#include <fmt/format.h>

#include "actors/messages.hpp"

namespace parley::actors {

directory::directory() = default;

result<void> directory::add(actor_type type) {
  auto name = type.name;
  if (!types_.emplace(name, std::move(type)).second)
    return fail(errc::conflict, fmt::format("an actor type {} exists already", name));
  return {};
}

directory::stripe& directory::stripe_of(const address& where) {
  return stripes_[std::hash<address>{}(where) % stripes_.size()];
}

directory::held directory::hold(const address& to, bool may_be_away) {
  auto& where = stripe_of(to);
  held found{.guard = std::unique_lock{where.lock}, .actor = {}};
  if (may_be_away && where.towards) {
    found.actor = (*where.towards)(to);
    found.is_away = bool{found.actor};
    if (found.is_away) return found;
  }
  if (const auto running = where.actors.find(to); running != where.actors.end()) {
    found.actor = running->second;
    return found;
  }
  const auto type = types_.find(to.type);
  if (type == types_.end() || where.closed) return found;
  found.actor = type->second.start(to.key);
  if (!found.actor) return found;
  where.actors.emplace(to, found.actor);
  // An actor that dies of a defect must not leave its key unusable.
  found.actor->attach_functor([this, to, id = found.actor.id()](const caf::error&) { forget(to, id); });
  return found;
}

bool directory::passivate(const address& where, caf::scheduled_actor* self) {
  auto& place = stripe_of(where);
  const std::lock_guard guard{place.lock};
  if (!self->mailbox().empty()) return false;
  const auto found = place.actors.find(where);
  if (found != place.actors.end() && found->second.id() == self->id()) place.actors.erase(found);
  return true;
}

void directory::forget(const address& where, caf::actor_id ended) {
  caf::actor last; // released after the lock: its end may be this call's end
  auto& place = stripe_of(where);
  const std::lock_guard guard{place.lock};
  const auto found = place.actors.find(where);
  if (found == place.actors.end() || found->second.id() != ended) return;
  last = std::move(found->second);
  place.actors.erase(found);
}

caf::actor directory::way_to(const address& where) {
  auto& place = stripe_of(where);
  const std::lock_guard guard{place.lock};
  return place.towards ? (*place.towards)(where) : caf::actor{};
}

void directory::route_by(route towards) {
  const auto shared = std::make_shared<const route>(std::move(towards));
  for (auto& place : stripes_) {
    // Whoever holds the lock behind us goes by the new route, so nobody is started here again.
    const std::lock_guard guard{place.lock};
    place.towards = shared;
    for (const auto& [where, actor] : place.actors)
      if ((*shared)(where)) caf::anon_send(actor, wind_up{});
  }
}

void directory::close() {
  for (auto& place : stripes_) {
    const std::lock_guard guard{place.lock};
    place.closed = true;
    for (const auto& [_, actor] : place.actors) caf::anon_send(actor, wind_up{});
  }
}

std::size_t directory::size() const {
  std::size_t running = 0;
  for (const auto& place : stripes_) {
    const std::lock_guard guard{place.lock};
    running += place.actors.size();
  }
  return running;
}

} // namespace parley::actors

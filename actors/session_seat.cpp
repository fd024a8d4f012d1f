#include "actors/session_seat.hpp"

#include "actors/session.hpp"

namespace parley::actors {

void session_seat::open() {
  const std::lock_guard guard{lock_};
  static_cast<void>(wake());
}

bool session_seat::wake() {
  if (is_over_) return false;
  if (!actor_) actor_ = start_session(system_, shared_, shared_from_this());
  return true;
}

bool session_seat::sleep(caf::scheduled_actor* self) {
  caf::actor last; // released after the lock
  const std::lock_guard guard{lock_};
  if (!self->mailbox().empty()) return false;
  last.swap(actor_);
  return true;
}

void session_seat::leave() {
  caf::actor last; // released after the lock: its end may be this call's end
  const std::lock_guard guard{lock_};
  is_over_ = true;
  last.swap(actor_);
}

} // namespace parley::actors

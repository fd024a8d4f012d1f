/// CAF, set up the way a chat server needs it: the one place that knows its configuration keys.

#pragma once

#include <memory>
#include <string>

#include <caf/fwd.hpp>

namespace parley::actors {

/// An actor system with `threads` workers, tamed polling and fair scheduling. Throws if CAF cannot start.
class actor_runtime {
public:
  explicit actor_runtime(unsigned threads);
  ~actor_runtime();
  actor_runtime(const actor_runtime&) = delete;
  actor_runtime& operator=(const actor_runtime&) = delete;

  [[nodiscard]] caf::actor_system& system();

private:
  struct parts;
  std::unique_ptr<parts> parts_;
};

/// Whether an actor that may block has a thread of its own. Only a test that turns the scheduler by hand says `shared`.
enum class thread_use { own, shared };

/// A defect in a handler ends the actor and is logged with `name`; an unexpected message is dropped and logged.
void guard_against_defects(caf::scheduled_actor* self, std::string name);

} // namespace parley::actors

/// An actor that ends when it has nothing to do, and therefore has to know whether it waits for answers.

#pragma once

#include <caf/event_based_actor.hpp>

namespace parley::actors {

class resting_actor : public caf::event_based_actor {
public:
  using caf::event_based_actor::event_based_actor;

protected:
  /// A request that it made is neither answered nor timed out.
  [[nodiscard]] bool awaits_answers() const noexcept {
    return !awaited_responses_.empty() || !multiplexed_responses_.empty();
  }
};

} // namespace parley::actors

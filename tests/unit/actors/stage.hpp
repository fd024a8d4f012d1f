/// A node without sockets, whose scheduler and clock are turned by hand: nothing happens but what a test lets happen.

#pragma once

#include <chrono>
#include <cstdint>
#include <memory>

#include <parley/clock.hpp>
#include <parley/settings.hpp>
#include <parley/stores.hpp>

#include "actors/handles.hpp"
#include "tests/unit/actors/unreliable_log.hpp"

namespace parley::tests {

class stage {
public:
  explicit stage(settings config = {});
  /// Winds everything up; whatever does not end is a failure of the test.
  ~stage();
  stage(const stage&) = delete;
  stage& operator=(const stage&) = delete;

  /// Lets everybody work until nobody has anything to do.
  void run();
  /// Takes turns in an order that follows from `seed`, instead of first come, first served.
  void shuffle(std::uint64_t seed);
  /// Lets one of those who have something to do take one turn; false if there is nobody.
  bool turn();
  /// Lets time pass and everybody work in it.
  void pass(std::chrono::milliseconds time);

  /// What is handed to the lane stays there until it is released: commits take that long.
  void hold_lane(bool held = true);
  /// The same for everything that is read.
  void hold_readers(bool held = true);

  [[nodiscard]] std::unique_ptr<actors::session_handle> open(actors::session_opening opening);
  /// Makes accounts.
  void add_users(const std::vector<user_id>& users);
  /// Has everything stored and ended, as when the node stops.
  void wind_up();

  [[nodiscard]] unreliable_log& log();
  [[nodiscard]] stores& kept();
  /// Virtual actors that run, and connections that are delivered to.
  [[nodiscard]] std::size_t actors_running() const;
  [[nodiscard]] std::size_t connections() const;
  /// Actors of all kinds.
  [[nodiscard]] std::size_t running() const;
  /// Presences that sleep and are remembered.
  [[nodiscard]] std::size_t presences_kept() const;
  /// Messages that were put off and are still to come.
  [[nodiscard]] std::size_t reminders() const;

private:
  struct parts;
  std::unique_ptr<parts> parts_;
};

} // namespace parley::tests

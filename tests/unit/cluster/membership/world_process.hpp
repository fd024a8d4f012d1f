/// One process of the simulated world: a node as it runs, with its clock and the call that it waits for.

#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <variant>

#include "cluster/membership/membership_state.hpp"

namespace parley::tests {

/// The world's time; no node knows it.
using world_time = std::chrono::microseconds;

struct store_call {
  cluster::store_request request;
  world_time arrives_at{};
  world_time answered_at{};
  bool has_arrived = false;
  bool loses_request = false;
  bool loses_answer = false;
  std::variant<result<cluster_view>, result<beat_report>, result<void>> answer;
};

struct process {
  process(cluster::node_identity who, world_time now, std::chrono::microseconds clock_start, std::int64_t ppm)
      : self{std::move(who)}, offset{clock_start}, drift_ppm{ppm}, state{self, {}, local(now)}, calm_since{now} {}

  /// What its clock shows.
  [[nodiscard]] instant local(world_time at) const {
    return instant{offset + at + world_time{at.count() * drift_ppm / 1'000'000}};
  }
  /// Runs, if perhaps not at this moment.
  [[nodiscard]] bool is_alive() const { return !died_at; }
  [[nodiscard]] bool is_running(world_time at) const { return is_alive() && at >= paused_until; }
  [[nodiscard]] bool refuses(world_time at) const {
    return (died_at && !is_mute) || (is_alive() && at < refusing_until);
  }
  [[nodiscard]] bool may_own(world_time at) const { return is_alive() && state.may_own(local(at)); }
  /// It is not to be held against it that it was late before `at`.
  void disturb(world_time at) { calm_since = std::max(calm_since, at); }

  cluster::node_identity self;
  std::chrono::microseconds offset;
  std::int64_t drift_ppm;
  cluster::membership_state state;

  std::optional<world_time> died_at;
  /// Died with its machine: nobody refuses connections in its name.
  bool is_mute = false;
  world_time paused_until{0};
  world_time cut_until{0};
  world_time refusing_until{0};
  world_time ready_at{0};
  world_time calm_since;
  /// When the view lost it.
  std::optional<world_time> removed_at;
  /// When its beat last counted in the store.
  world_time beaten_at{0};
  world_time links_at{0};
  std::uint64_t checked_version = 0;
  std::uint64_t member_as = 0;
  world_time member_since{0};
  std::optional<store_call> call;
};

} // namespace parley::tests

#include "tests/unit/actors/stage.hpp"

#include <algorithm>
#include <random>

#include <caf/actor_registry.hpp>
#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scheduler/test_coordinator.hpp>
#include <caf/send.hpp>
#include <doctest/doctest.h>
#include <spdlog/spdlog.h>

#include "actors/conversation.hpp"
#include "actors/node_context.hpp"
#include "actors/presence.hpp"
#include "actors/session.hpp"
#include "actors/user.hpp"
#include "persistence/open.hpp"

namespace parley::tests {

using namespace std::chrono_literals;

namespace {

struct hand_turned_config : caf::actor_system_config {
  hand_turned_config() { set("scheduler.policy", caf::atom("testing")); }
};

stores open_stores() {
  auto opened = persistence::open_memory();
  REQUIRE(opened);
  opened->log = std::make_shared<unreliable_log>(opened->log);
  return *opened;
}

const caf::resumable* job_of(const caf::actor& whose) {
  return dynamic_cast<const caf::resumable*>(caf::actor_cast<caf::abstract_actor*>(whose));
}

} // namespace

// What stands higher outlives what stands lower.
struct stage::parts {
  explicit parts(settings given) : config{std::move(given)} {
    for (auto& type : {actors::conversation_type(system, shared), actors::user_type(system, shared),
                       actors::presence_type(system, shared)})
      REQUIRE(directory.add(type));
  }

  bool is_held(const caf::resumable* job) const {
    if (lane_held && job == job_of(lane.actor())) return true;
    return readers_held &&
           std::ranges::any_of(shared.readers.actors(), [&](const auto& one) { return job == job_of(one); });
  }

  settings config;
  manual_clock clock;
  stores kept = open_stores();
  actors::delivery_table deliveries;
  actors::unsettled_positions unsettled;
  actors::presence_shelf presences;
  actors::last_visits visits;
  actors::rate_table sends{config.limits.send};
  actors::rate_table creations{config.limits.create};
  actors::rate_table histories{config.limits.history};
  actors::directory directory;
  hand_turned_config caf_config;
  caf::actor_system system{caf_config};
  caf::scheduler::test_coordinator& scheduler = dynamic_cast<caf::scheduler::test_coordinator&>(system.scheduler());
  actors::store_lane lane{system, kept.log, 0, 256, actors::thread_use::shared};
  actors::node_context shared{clock,
                              config,
                              directory,
                              deliveries,
                              unsettled,
                              presences,
                              visits,
                              sends,
                              creations,
                              histories,
                              actors::store_readers{system, kept, 2, actors::thread_use::shared},
                              {lane},
                              *kept.log,
                              "node-1"};
  bool lane_held = false;
  bool readers_held = false;
  std::optional<std::mt19937_64> random;
};

stage::stage(settings config) {
  spdlog::set_level(spdlog::level::off);
  parts_ = std::make_unique<parts>(std::move(config));
}

stage::~stage() {
  hold_lane(false);
  hold_readers(false);
  log().is_down = false;
  wind_up();
  CHECK(actors_running() == 0);
  CHECK(connections() == 0);
  for (const auto& one : parts_->shared.readers.actors()) caf::anon_send_exit(one, caf::exit_reason::user_shutdown);
  caf::anon_send_exit(parts_->lane.actor(), caf::exit_reason::user_shutdown);
  run();
  CHECK(parts_->system.registry().running() == 0);
  parts_->system.await_actors_before_shutdown(false);
}

bool stage::turn() {
  auto& jobs = parts_->scheduler.jobs;
  std::vector<std::size_t> ready;
  for (std::size_t i = 0; i < jobs.size() && (parts_->random || ready.empty()); ++i)
    if (!parts_->is_held(jobs[i])) ready.push_back(i);
  if (ready.empty()) return false;
  const auto next = parts_->random ? ready[(*parts_->random)() % ready.size()] : ready.front();
  std::rotate(jobs.begin(), jobs.begin() + static_cast<std::ptrdiff_t>(next),
              jobs.begin() + static_cast<std::ptrdiff_t>(next) + 1);
  parts_->scheduler.run_once();
  return true;
}

void stage::run() {
  while (turn()) {
  }
}

void stage::shuffle(std::uint64_t seed) { parts_->random.emplace(seed); }

void stage::pass(std::chrono::milliseconds time) {
  run();
  for (auto left = time; left > 0ms;) {
    const auto step = std::min(left, 10ms);
    left -= step;
    parts_->clock.advance(step);
    parts_->scheduler.advance_time(step);
    run();
  }
}

void stage::hold_lane(bool held) { parts_->lane_held = held; }
void stage::hold_readers(bool held) { parts_->readers_held = held; }

std::unique_ptr<actors::session_handle> stage::open(actors::session_opening opening) {
  return actors::open_session(parts_->system, parts_->shared, std::move(opening));
}

void stage::add_users(const std::vector<user_id>& users) {
  for (const auto& user : users) REQUIRE(parts_->kept.accounts->ensure_exists(user, parts_->clock.now()));
}

void stage::wind_up() {
  run();
  actors::wind_up_presences(parts_->shared);
  parts_->directory.close();
  run();
}

unreliable_log& stage::log() { return static_cast<unreliable_log&>(*parts_->kept.log); }
stores& stage::kept() { return parts_->kept; }
std::size_t stage::actors_running() const { return parts_->directory.size(); }
std::size_t stage::connections() const { return parts_->deliveries.size(); }

std::size_t stage::running() const { return parts_->system.registry().running(); }
std::size_t stage::presences_kept() const { return parts_->presences.users().size(); }

std::size_t stage::reminders() const {
  // CAF also keeps the time limit of every request until it has passed, answered or not; these do not count.
  return static_cast<std::size_t>(std::ranges::count_if(parts_->scheduler.clock().schedule(), [](const auto& one) {
    return one.second->subtype == caf::detail::simple_actor_clock::actor_msg_type;
  }));
}

} // namespace parley::tests

#include "actors/system.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scheduled_actor.hpp>
#include <spdlog/spdlog.h>

namespace parley::actors {

namespace {

struct runtime_config : caf::actor_system_config {
  explicit runtime_config(unsigned threads) {
    set("scheduler.max-threads", static_cast<std::size_t>(threads));
    // Unlimited by default: one full mailbox would hold a worker for good.
    set("scheduler.max-throughput", std::size_t{64});
    // The default polls for milliseconds after every wake-up, which burns a core on a quiet node.
    set("work-stealing.aggressive-poll-attempts", std::size_t{20});
    set("work-stealing.moderate-poll-attempts", std::size_t{1});
  }
};

} // namespace

struct actor_runtime::parts {
  explicit parts(unsigned threads) : config{threads}, system{config} {}

  runtime_config config;
  caf::actor_system system;
};

actor_runtime::actor_runtime(unsigned threads) : parts_{std::make_unique<parts>(threads)} {}
actor_runtime::~actor_runtime() = default;

caf::actor_system& actor_runtime::system() { return parts_->system; }

void guard_against_defects(caf::scheduled_actor* self, std::string name) {
  self->set_exception_handler([name](caf::scheduled_actor*, std::exception_ptr& thrown) -> caf::error {
    try {
      std::rethrow_exception(thrown);
    } catch (const std::exception& defect) {
      spdlog::error("defect in {}: {}", name, defect.what());
    } catch (...) {
      spdlog::error("defect in {}: unknown exception", name);
    }
    return caf::exit_reason::unhandled_exception;
  });
  self->set_default_handler([name](caf::scheduled_actor*, caf::message_view& unexpected) -> caf::result<caf::message> {
    spdlog::error("{} got an unexpected message: {}", name, caf::to_string(unexpected.content()));
    return caf::sec::unexpected_message;
  });
  self->set_down_handler([](caf::down_msg&) {});
}

} // namespace parley::actors

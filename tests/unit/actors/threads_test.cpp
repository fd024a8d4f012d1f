#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include <caf/actor_registry.hpp>
#include <caf/actor_system.hpp>
#include <caf/send.hpp>
#include <fmt/format.h>
#include <parley/codec.hpp>
#include <spdlog/spdlog.h>

#include "actors/conversation.hpp"
#include "actors/node_context.hpp"
#include "actors/presence.hpp"
#include "actors/session.hpp"
#include "actors/system.hpp"
#include "actors/user.hpp"
#include "persistence/open.hpp"
#include "tests/unit/actors/follower.hpp"
#include "tests/unit/actors/people.hpp"
#include "tests/unit/core/session_number.hpp"

namespace parley::tests {

using namespace std::chrono_literals;

namespace {

template <class Condition> bool wait_until(Condition condition) {
  const auto deadline = std::chrono::steady_clock::now() + 60s;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::yield();
  }
  return true;
}

settings without_rates() {
  settings config;
  config.limits.send = {0, 0};
  config.actors.idle = 50ms;
  return config;
}

/// A node with threads and a real clock, as the server has it.
struct threaded_node {
  threaded_node() {
    spdlog::set_level(spdlog::level::off);
    for (auto& type : {actors::conversation_type(runtime.system(), shared), actors::user_type(runtime.system(), shared),
                       actors::presence_type(runtime.system(), shared)})
      REQUIRE(directory.add(type));
  }

  ~threaded_node() {
    directory.close();
    CHECK(wait_until([this] { return directory.size() == 0; }));
    for (const auto& one : shared.readers.actors()) caf::anon_send_exit(one, caf::exit_reason::user_shutdown);
    caf::anon_send_exit(lane.actor(), caf::exit_reason::user_shutdown);
    CHECK(wait_until([this] { return runtime.system().registry().running() == 0; }));
  }

  const settings config = without_rates();
  const system_clock time;
  stores kept = *persistence::open_memory();
  actors::delivery_table deliveries;
  actors::unsettled_positions unsettled;
  actors::presence_shelf presences;
  actors::last_visits visits;
  actors::rate_table sends{config.limits.send}, creations{config.limits.create}, histories{config.limits.history};
  actors::directory directory;
  actors::actor_runtime runtime{2};
  actors::store_lane lane{runtime.system(), kept.log};
  actors::node_context shared{time,
                              config,
                              directory,
                              deliveries,
                              unsettled,
                              presences,
                              visits,
                              sends,
                              creations,
                              histories,
                              {runtime.system(), kept, 2},
                              {lane},
                              *kept.log,
                              "node-1"};
};

/// A device that keeps some messages under way until it has sent them all.
class chatterbox {
public:
  chatterbox(threaded_node& where, int number, const user_id& user, conversation_id to, int messages)
      : number_{number},
        to_{to},
        left_{messages},
        link_{std::make_shared<follower>(session_number(static_cast<std::uint64_t>(number)), user)} {
    link_->on_ack = [this](const std::string&) { say_next(); };
    handle_ = actors::open_session(where.runtime.system(), where.shared,
                                   {session_number(static_cast<std::uint64_t>(number)), user,
                                    device_id{fmt::format("d-{}", number)}, false, link_});
    link_->attach(handle_.get());
  }
  ~chatterbox() { handle_->closed(); }

  void begin() {
    for (int i = 0; i < 8; ++i) say_next();
  }

  [[nodiscard]] follower& link() { return *link_; }

private:
  void say_next() {
    const auto turn = left_.fetch_sub(1);
    if (turn <= 0) return;
    const auto client = client_number(number_ * 1'000'000 + turn);
    auto frame = decode_frame(
        send_in(to_, fmt::format(R"("ref":"{}","clientId":"{}","text":"hi","echo":{})", client, client, turn % 2 == 0)),
        {});
    handle_->ask({frame.ref, *frame.request});
  }

  int number_;
  conversation_id to_;
  std::atomic<int> left_;
  std::shared_ptr<follower> link_;
  std::unique_ptr<actors::session_handle> handle_;
};

} // namespace

TEST_CASE("node: with threads, everybody hears everything once and in order") {
  constexpr int devices = 4, messages = 500;
  threaded_node node;
  const auto theirs = direct_conversation(ann, bob);
  {
    std::vector<std::unique_ptr<chatterbox>> chat;
    for (int i = 0; i < devices; ++i) {
      chat.push_back(std::make_unique<chatterbox>(node, i, i % 2 == 0 ? ann : bob, theirs, messages));
      CHECK(wait_until([&] { return chat.back()->link().is_synced(); }));
    }
    // The conversation has to exist before it can be addressed by its id.
    conversation_state state{theirs};
    state.become_direct(ann, bob, node.time.now());
    conversation_write founding{.conversation = theirs};
    founding.entries = {{.conversation = theirs, .seq = 1, .author = ann, .body = "{}"}};
    founding.record = state.record();
    founding.members = state.members();
    REQUIRE(node.kept.log->write({&founding, 1}).front());

    for (auto& one : chat) one->begin();
    const auto everything = static_cast<seq_no>(devices * messages);
    CHECK(wait_until([&] {
      return std::ranges::all_of(chat, [&](auto& one) { return one->link().acknowledged().size() == messages; });
    }));
    CHECK(node.kept.log->load(theirs).value()->head == everything + 1);
    CHECK(wait_until([&] {
      return std::ranges::all_of(chat, [&](auto& one) { return one->link().position(theirs) == everything + 1; });
    }));
    for (auto& one : chat) CHECK(one->link().violation() == "");
  }
  CHECK(wait_until([&] { return node.deliveries.size() == 0; }));
}

TEST_CASE("node: with threads, connections that come and go leave nothing behind") {
  threaded_node node;
  for (int i = 0; i < 300; ++i) {
    chatterbox hasty{node, i, ann, direct_conversation(ann, bob), 0};
    if (i % 3 == 0) wait_until([&] { return hasty.link().is_synced(); });
  }
  CHECK(wait_until([&] { return node.deliveries.size() == 0; }));
  chatterbox patient{node, 1'000, ann, direct_conversation(ann, bob), 0};
  CHECK(wait_until([&] { return patient.link().is_synced(); }));
  CHECK_FALSE(patient.link().is_closed());
}

} // namespace parley::tests

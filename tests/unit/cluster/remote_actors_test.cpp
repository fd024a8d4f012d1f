#include <doctest/doctest.h>

#include <atomic>
#include <future>
#include <thread>

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>
#include <spdlog/spdlog.h>

#include "actors/failure.hpp"
#include "actors/system.hpp"
#include "cluster/remote_actors.hpp"
#include "cluster/wire/envelope.hpp"

namespace parley::tests {

using namespace std::chrono_literals;
using actors::address;
using cluster::wire::message_kind;

namespace {

const user_id ann{"ann"}, stranger{"stranger"};
const node_id left{"left"}, right{"right"};

template <class Condition> bool wait_until(Condition condition) {
  const auto deadline = std::chrono::steady_clock::now() + 20s;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::yield();
  }
  return true;
}

actors::append_entry post_of(const user_id& author) {
  actors::append_entry order;
  order.request.author = author;
  order.request.content = message_content{};
  return order;
}

/// One of two nodes. Whatever it sends goes through bytes to the other.
struct end_of_link {
  end_of_link(caf::actor_system& system, const clock& time, node_id self, cluster::remote_options options)
      : id{std::move(self)},
        remote{system,
               time,
               here,
               {.send = [this](const node_id& to, std::string envelope) { return send(to, std::move(envelope)); },
                .owner_of = [this](const address& where) -> std::optional<node_id> {
                  if (where.key.starts_with(owner_prefix)) return other->id;
                  return std::nullopt;
                },
                .link_to =
                    [this](const node_id& at, const session_id& session) {
                      asked_for = {at, session};
                      return actors::client_link_ptr{};
                    },
                .view = [] { return std::uint64_t{7}; }},
               options} {
    REQUIRE(here.add({"conversation", [&system, this](const std::string& key) { return start(system, key); }}));
    here.route_by([this](const address& where) { return remote.way_to(where); });
  }

  caf::actor start(caf::actor_system& system, const std::string& key) {
    return system.spawn([this, key](caf::event_based_actor* self) -> caf::behavior {
      auto seq = std::make_shared<seq_no>(0);
      return {
          [this, seq](const actors::append_entry& order) -> caf::result<actors::entry_appended> {
            if (order.request.author == stranger)
              return actors::to_caf({errc::forbidden, "no member", "conversation", 5ms});
            ++done;
            return actors::entry_appended{.seq = ++*seq, .at = from_millis(5)};
          },
          [this](const actors::settle_positions&) {
            ++done;
            return actors::completed{};
          },
          // Never answered.
          [self, this](const actors::mute_conversation&) -> caf::result<actors::completed> {
            ++done;
            return self->make_response_promise<actors::completed>();
          },
          [this](const actors::begin_focus&) {
            ++done;
            return actors::completed{};
          },
          [this](const actors::end_focus&) { ++done; },
          [self, key, this](const actors::wind_up&) {
            if (here.passivate({"conversation", key}, self)) self->quit();
          },
      };
    });
  }

  result<void> send(const node_id& to, std::string envelope) {
    if (is_cut) return fail(errc::unavailable, "there is no link");
    if (to == other->id) {
      ++sent;
      other->remote.received(id, {std::move(envelope)});
    }
    return {};
  }

  node_id id;
  end_of_link* other = nullptr;
  /// Actors with such keys are the other node's, as far as this one knows.
  std::string owner_prefix;
  std::atomic<bool> is_cut{false};
  std::atomic<std::size_t> sent{0}, done{0};
  std::pair<node_id, session_id> asked_for;
  actors::directory here;
  cluster::remote_actors remote;
};

struct linked_nodes {
  explicit linked_nodes(cluster::remote_options options = {})
      : a{runtime->system(), time, left, options}, b{runtime->system(), time, right, options} {
    spdlog::set_level(spdlog::level::off);
    a.other = &b;
    b.other = &a;
    a.owner_prefix = "b";
    b.owner_prefix = "a";
  }
  ~linked_nodes() {
    for (auto* one : {&a, &b}) one->here.close();
    CHECK(wait_until([this] { return a.here.size() + b.here.size() == 0; }));
    for (auto* one : {&a, &b}) {
      one->remote.stop();
      one->here.route_by([](const address&) { return caf::actor{}; });
    }
    runtime.reset();
  }

  /// Asks on the left node and waits for the answer.
  template <class Answer, class Message> result<Answer> ask(const std::string& key, Message message) {
    std::promise<result<Answer>> answered;
    auto answer = answered.get_future();
    runtime->system().spawn([&](caf::event_based_actor* self) {
      a.here.ask(self, address{"conversation", key}, 15s, std::move(message))
          .then([&](const Answer& said) { answered.set_value(said); },
                [&](const caf::error& why) { answered.set_value(fail(actors::from_caf(why))); });
    });
    return answer.get();
  }

  system_clock time;
  std::unique_ptr<actors::actor_runtime> runtime = std::make_unique<actors::actor_runtime>(2);
  end_of_link a, b;
};

struct impatient_nodes : linked_nodes {
  impatient_nodes() : linked_nodes{{.answer_within = 100ms, .open_max = 2}} {}
};

} // namespace

TEST_CASE_FIXTURE(linked_nodes, "remote actors: a request is answered as if the actor were here") {
  const auto first = ask<actors::entry_appended>("b", post_of(ann));
  REQUIRE(first);
  CHECK(first->seq == 1);
  CHECK(first->at == from_millis(5));
  CHECK(ask<actors::entry_appended>("b", post_of(ann))->seq == 2);
  CHECK(ask<actors::completed>("b", actors::settle_positions{}));
  CHECK(ask<actors::entry_appended>("a", post_of(ann))->seq == 1);
  CHECK(b.done == 3);
  CHECK(a.done == 1);
}

TEST_CASE_FIXTURE(linked_nodes, "remote actors: a refusal comes back whole") {
  const auto refused = ask<actors::entry_appended>("b", post_of(stranger));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == errc::forbidden);
  CHECK(refused.error().detail == "no member");
  CHECK(refused.error().field == "conversation");
}

TEST_CASE_FIXTURE(linked_nodes, "remote actors: a message without an answer arrives") {
  a.here.tell({"conversation", "b"}, actors::end_focus{});
  CHECK(wait_until([this] { return b.done == 1; }));
  CHECK(b.sent == 0);
}

TEST_CASE_FIXTURE(linked_nodes, "remote actors: a session that does not travel is found by its node") {
  const session_id session{random_uuid()};
  CHECK(ask<actors::completed>("b", actors::begin_focus{.user = ann, .session = session, .link = {}}));
  CHECK(b.asked_for.first == left);
  CHECK(b.asked_for.second == session);
}

TEST_CASE_FIXTURE(linked_nodes, "remote actors: without a link a request fails at once") {
  a.is_cut = true;
  CHECK(ask<actors::completed>("b", actors::settle_positions{}).error().code == errc::unavailable);
  a.here.tell({"conversation", "b"}, actors::end_focus{});
  a.is_cut = false;
  CHECK(ask<actors::completed>("b", actors::settle_positions{}));
}

TEST_CASE_FIXTURE(linked_nodes, "remote actors: when the link is lost nobody waits for answers") {
  std::thread loss{[this] {
    CHECK(wait_until([this] { return b.done == 1; }));
    a.remote.lost(right);
  }};
  CHECK(ask<actors::completed>("b", actors::mute_conversation{ann, {}}).error().code == errc::unavailable);
  loss.join();
  CHECK(ask<actors::completed>("b", actors::settle_positions{}));
}

TEST_CASE_FIXTURE(impatient_nodes, "remote actors: an answer that does not come is a time-out") {
  CHECK(ask<actors::completed>("b", actors::mute_conversation{ann, {}}).error().code == errc::timeout);
  CHECK(ask<actors::completed>("b", actors::settle_positions{}));
}

TEST_CASE("remote actors: a node that answers too slowly is sent no more requests") {
  linked_nodes nodes{{.open_max = 2}};
  for (int i = 0; i < 2; ++i)
    nodes.runtime->system().spawn([&](caf::event_based_actor* self) {
      nodes.a.here.ask(self, address{"conversation", "b"}, 15s, actors::mute_conversation{ann, {}})
          .then([](const actors::completed&) {}, [](const caf::error&) {});
    });
  CHECK(wait_until([&] { return nodes.b.done == 2; }));
  CHECK(nodes.ask<actors::completed>("b", actors::settle_positions{}).error().code == errc::overloaded);
  nodes.a.remote.lost(right);
  CHECK(nodes.ask<actors::completed>("b", actors::settle_positions{}));
}

TEST_CASE_FIXTURE(linked_nodes, "remote actors: while views differ a message is passed on a few times, then done") {
  // Each takes the other for the owner.
  b.owner_prefix = "b";
  CHECK(ask<actors::entry_appended>("b", post_of(ann))->seq == 1);
  CHECK(a.sent + b.sent > 4);
  CHECK(a.sent + b.sent < 12);
  CHECK(a.done + b.done == 1);
}

TEST_CASE_FIXTURE(linked_nodes, "remote actors: bytes that are no message end nothing") {
  a.remote.received(right, {"", "x", std::string(1'000, '\xff')});
  // A reply to nobody, and a kind that only a newer version knows.
  a.remote.received(right, {cluster::wire::encode_envelope({.correlation = 99, .is_reply = true}),
                            cluster::wire::encode_envelope(
                                {.to = {"conversation", "a"}, .kind = message_kind{63}, .correlation = 5})});
  CHECK(wait_until([this] { return a.sent == 1; }));
  CHECK(ask<actors::completed>("b", actors::settle_positions{}));
  CHECK(a.done == 0);
}

} // namespace parley::tests

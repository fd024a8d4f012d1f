#include "cluster/membership/membership_state.hpp"

#include <memory>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "cluster/membership/placement.hpp"
#include "cluster/membership/view.hpp"
#include "persistence/open.hpp"

namespace parley::tests {

using namespace std::chrono_literals;

using cluster::connection_failure;
using cluster::membership_end;
using cluster::membership_state;

namespace {

cluster::node_identity identity_of(const std::string& id, std::uint8_t instance) {
  cluster::node_identity made{
      .id = {id}, .instance = {}, .address = id + ":7000", .protocol_min = 2, .protocol_max = 3};
  made.instance.bytes.back() = instance;
  return made;
}

/// Processes at one store that answers at once; time passes when the test says so.
class cluster_desk {
public:
  membership_state& add(cluster::node_identity self) {
    return *members_.emplace_back(
        std::make_unique<membership_state>(std::move(self), cluster::membership_limits{}, now));
  }
  membership_state& add_ready(const std::string& id, std::uint8_t instance) {
    auto& made = add(identity_of(id, instance));
    made.set_ready();
    turn();
    return made;
  }

  /// Everybody that is not paused asks whatever it wants to.
  void turn() {
    for (auto asked = true; asked;) {
      asked = false;
      for (const auto& one : members_) asked |= one.get() != paused && serve(*one);
    }
  }

  void pass(std::chrono::milliseconds span) {
    for (const auto until = now + span; now < until;) {
      now += 10ms;
      turn();
    }
  }

  [[nodiscard]] node_state state_of(const std::string& id) const {
    const auto view = store->read().value();
    const auto* node = cluster::find_node(view, {id});
    REQUIRE(node);
    return node->state;
  }

  std::shared_ptr<node_store> store = persistence::open_memory().value().nodes;
  instant now{100s};
  const membership_state* paused = nullptr;
  bool is_away = false;

private:
  bool serve(membership_state& one) {
    const auto request = one.next(now);
    if (!request) return false;
    const auto away = fail(errc::unavailable, "away");
    if (std::holds_alternative<cluster::ask_view>(*request))
      one.view_read(is_away ? result<cluster_view>{away} : store->read(), now);
    else if (const auto* beat = std::get_if<cluster::ask_beat>(&*request))
      one.beat_answered(is_away ? result<beat_report>{away} : store->beat(beat->node, beat->incarnation), now);
    else
      one.change_answered(is_away ? result<void>{away} : store->change(std::get<view_change>(*request)), now);
    return true;
  }

  std::vector<std::unique_ptr<membership_state>> members_;
};

} // namespace

TEST_CASE("membership: a node joins, is up when it is ready, and owns from its first beat on") {
  cluster_desk desk;
  auto& one = desk.add(identity_of("n1", 1));
  desk.turn();
  CHECK(desk.state_of("n1") == node_state::joining);
  CHECK(one.may_own(desk.now));
  CHECK(one.incarnation() == 1);
  one.set_ready();
  desk.turn();
  CHECK(desk.state_of("n1") == node_state::up);
  CHECK(one.view().version == 2);
  CHECK(cluster::placement_table{one.view()}.shards_of({"n1"}).size() == cluster::shard_count);
}

TEST_CASE("membership: a node that is heard of is fetched at once, else with the next beat") {
  cluster_desk desk;
  auto& one = desk.add_ready("n1", 1);
  desk.paused = &one;
  auto& two = desk.add_ready("n2", 2);
  desk.paused = nullptr;
  CHECK(one.view().version < two.view().version);
  one.note_version(two.view().version);
  desk.turn();
  CHECK(one.view() == two.view());

  desk.paused = &one;
  two.drain({"n2"});
  desk.turn();
  desk.paused = nullptr;
  desk.pass(1s);
  CHECK(one.view() == two.view());
}

TEST_CASE("membership: a version that does not exist is asked for once") {
  cluster_desk desk;
  auto& one = desk.add_ready("n1", 1);
  one.note_version(99);
  REQUIRE(one.next(desk.now));
  one.view_read(desk.store->read(), desk.now);
  CHECK_FALSE(one.next(desk.now));
}

TEST_CASE("membership: a beat that stands still for six seconds is that of a dead node, not before") {
  cluster_desk desk;
  auto& one = desk.add_ready("n1", 1);
  auto& two = desk.add_ready("n2", 2);
  desk.pass(3s);
  desk.paused = &two;
  desk.pass(5s);
  CHECK(desk.state_of("n2") == node_state::up);
  desk.pass(2'500ms);
  CHECK(desk.state_of("n2") == node_state::down);
  CHECK(cluster::placement_table{one.view()}.shards_of({"n1"}).size() == cluster::shard_count);
}

TEST_CASE("membership: a node that was paused finds itself down, owns nothing, and joins as a new incarnation") {
  cluster_desk desk;
  desk.add_ready("n1", 1);
  auto& two = desk.add_ready("n2", 2);
  desk.pass(2s);
  const auto before = two.incarnation();
  desk.paused = &two;
  desk.pass(8s);
  CHECK_FALSE(two.may_own(desk.now));
  desk.paused = nullptr;
  desk.turn();
  CHECK(two.incarnation() > before);
  CHECK(desk.state_of("n2") == node_state::up);
  CHECK(two.may_own(desk.now));
}

TEST_CASE("membership: refused connections make a silent node dead after a second and a half") {
  cluster_desk desk;
  auto& one = desk.add_ready("n1", 1);
  auto& two = desk.add_ready("n2", 2);
  desk.pass(3s);
  desk.paused = &two;
  one.note_failure({"n2"}, connection_failure::reset, desk.now);
  desk.pass(500ms);
  SUBCASE("if the reconnect is refused as well") {
    one.note_failure({"n2"}, connection_failure::refused, desk.now);
    desk.pass(900ms);
    CHECK(desk.state_of("n2") == node_state::up);
    desk.pass(200ms);
    CHECK(desk.state_of("n2") == node_state::down);
  }
  SUBCASE("but not if the reconnect is reset") {
    one.note_failure({"n2"}, connection_failure::reset, desk.now);
    desk.pass(1'500ms);
    CHECK(desk.state_of("n2") == node_state::up);
  }
  SUBCASE("but not if it succeeds") {
    one.note_connected({"n2"});
    one.note_failure({"n2"}, connection_failure::refused, desk.now);
    desk.pass(1'500ms);
    CHECK(desk.state_of("n2") == node_state::up);
  }
}

TEST_CASE("membership: a node that refuses connections and beats stays") {
  cluster_desk desk;
  auto& one = desk.add_ready("n1", 1);
  desk.add_ready("n2", 2);
  for (int i = 0; i < 40; ++i) {
    one.note_failure({"n2"}, connection_failure::refused, desk.now);
    desk.pass(500ms);
  }
  CHECK(desk.state_of("n2") == node_state::up);
}

TEST_CASE("membership: while the store is away nobody owns and nobody is dead") {
  cluster_desk desk;
  auto& one = desk.add_ready("n1", 1);
  auto& two = desk.add_ready("n2", 2);
  desk.pass(2s);
  const auto version = desk.store->read().value().version;
  desk.is_away = true;
  desk.pass(4'700ms);
  CHECK(one.may_own(desk.now));
  desk.pass(1'200ms);
  CHECK_FALSE(one.may_own(desk.now));
  desk.pass(4s);
  desk.is_away = false;
  // The one whose connection comes back first must not bury the other.
  desk.paused = &two;
  desk.pass(3s);
  desk.paused = nullptr;
  desk.pass(10s);
  CHECK(one.may_own(desk.now));
  CHECK(two.may_own(desk.now));
  CHECK(desk.store->read().value().version == version);
}

TEST_CASE("membership: a second process under an id that beats is refused and told why") {
  cluster_desk desk;
  auto& first = desk.add_ready("n1", 1);
  auto& second = desk.add_ready("n1", 2);
  desk.pass(3s);
  REQUIRE(second.end());
  CHECK(second.end()->why == membership_end::cause::taken);
  CHECK(second.end()->reason == "node id n1 is taken: a process at n1:7000 beats under it");
  CHECK_FALSE(second.next(desk.now));
  CHECK_FALSE(second.wake_at(desk.now));
  CHECK_FALSE(first.end());
  CHECK(first.may_own(desk.now));
}

TEST_CASE("membership: a process that is started again takes its id over; the old one, should it wake up, gives up") {
  cluster_desk desk;
  auto& old = desk.add_ready("n1", 1);
  desk.pass(2s);
  desk.paused = &old;
  auto& fresh = desk.add_ready("n1", 2);
  desk.pass(5s);
  CHECK(fresh.incarnation() == 0);
  desk.pass(1'500ms);
  CHECK(fresh.incarnation() > old.incarnation());
  CHECK(desk.state_of("n1") == node_state::up);
  desk.paused = nullptr;
  desk.turn();
  REQUIRE(old.end());
  CHECK(old.end()->why == membership_end::cause::replaced);
  CHECK_FALSE(old.may_own(desk.now));
  CHECK_FALSE(fresh.end());
}

TEST_CASE("membership: a node that shares no version of the protocol is refused while the others live") {
  cluster_desk desk;
  auto& one = desk.add_ready("n1", 1);
  auto newer = identity_of("n2", 2);
  newer.protocol_min = newer.protocol_max = 4;
  auto& two = desk.add(newer);
  SUBCASE("the others live") {
    desk.pass(3s);
    REQUIRE(two.end());
    CHECK(two.end()->why == membership_end::cause::incompatible);
    CHECK(two.end()->reason == "this node speaks the protocol between nodes in versions 4 to 4, but node n1 at "
                               "n1:7000 only 2 to 3");
    CHECK(desk.store->read().value().nodes.size() == 1);
  }
  SUBCASE("the others are dead") {
    desk.paused = &one;
    desk.pass(8s);
    CHECK_FALSE(two.end());
    CHECK(desk.state_of("n2") == node_state::joining);
    CHECK(desk.state_of("n1") == node_state::down);
  }
}

TEST_CASE("membership: a drained node gives its shards away, and leaves in good order") {
  cluster_desk desk;
  auto& one = desk.add_ready("n1", 1);
  auto& two = desk.add_ready("n2", 2);
  desk.pass(1s);
  CHECK_FALSE(one.drain({"n3"}));
  CHECK(one.drain({"n2"}));
  desk.pass(1s);
  CHECK(desk.state_of("n2") == node_state::draining);
  CHECK(cluster::placement_table{two.view()}.shards_of({"n2"}).empty());
  two.leave();
  desk.turn();
  REQUIRE(two.end());
  CHECK(two.end()->why == membership_end::cause::left);
  CHECK(desk.state_of("n2") == node_state::down);
  CHECK_FALSE(two.may_own(desk.now));
}

TEST_CASE("membership: who leaves before it has joined is gone at once") {
  cluster_desk desk;
  auto& one = desk.add(identity_of("n1", 1));
  one.leave();
  desk.turn();
  REQUIRE(one.end());
  CHECK(desk.store->read().value().nodes.empty());
}

TEST_CASE("membership: of nodes that are down only the latest are kept") {
  cluster_desk desk;
  desk.add_ready("n0", 0);
  for (std::uint8_t i = 1; i <= 20; ++i) {
    desk.add_ready("x" + std::to_string(i), i).leave();
    desk.pass(1s);
  }
  const auto view = desk.store->read().value();
  CHECK(view.nodes.size() == 1 + cluster::membership_limits{}.down_kept);
  CHECK(cluster::find_node(view, {"x20"}));
  CHECK_FALSE(cluster::find_node(view, {"x1"}));
}

TEST_CASE("membership: an older view from a store that lags behind is not taken") {
  cluster_desk desk;
  auto& one = desk.add_ready("n1", 1);
  const auto before = one.view();
  one.note_version(before.version + 1);
  REQUIRE(one.next(desk.now));
  one.view_read(cluster_view{.version = before.version - 1, .nodes = {}}, desk.now);
  CHECK(one.view() == before);
  CHECK(one.incarnation() > 0);
}

TEST_CASE("membership: a change whose answer is lost is not made twice") {
  cluster_desk desk;
  auto& one = desk.add(identity_of("n1", 1));
  for (int i = 0; i < 2; ++i) {
    const auto request = one.next(desk.now);
    REQUIRE(request);
    if (std::holds_alternative<cluster::ask_view>(*request)) one.view_read(desk.store->read(), desk.now);
    if (std::holds_alternative<cluster::ask_beat>(*request)) one.beat_answered(desk.store->beat({"n1"}, 0), desk.now);
  }
  const auto request = one.next(desk.now);
  REQUIRE(request);
  REQUIRE(desk.store->change(std::get<view_change>(*request)));
  one.change_answered(fail(errc::unavailable, "lost"), desk.now);
  desk.pass(1s);
  CHECK(one.incarnation() == 1);
  CHECK(desk.store->read().value().version == 1);
}

} // namespace parley::tests

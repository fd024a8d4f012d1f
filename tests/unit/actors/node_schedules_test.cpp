#include <doctest/doctest.h>

#include <cstdlib>
#include <random>
#include <string>

#include <fmt/format.h>
#include <parley/codec.hpp>

#include "tests/unit/actors/follower.hpp"
#include "tests/unit/actors/people.hpp"

namespace parley::tests {

using namespace std::chrono_literals;

namespace {

constexpr std::size_t schedules = 2'000;

std::uint64_t first_seed() {
  if (const auto* given = std::getenv("PARLEY_SEED")) return std::stoull(given);
  return std::random_device{}();
}

settings restless() {
  settings config;
  config.actors.idle = 1s;
  config.limits.send = {0, 0};
  config.limits.replay = 5;
  return config;
}

/// A message that somebody wants written, until it is acknowledged.
struct wish {
  user_id author;
  user_id to;
  std::string client;
  int attempts = 0;
  std::optional<seq_no> acknowledged;
};

/// A device of `user` that connects and disconnects.
struct wandering_device {
  user_id user;
  std::string name;
  session_id session;
  std::shared_ptr<follower> link;
  std::unique_ptr<actors::session_handle> handle;
};

/// Users that write to each other from devices that come and go, over a log that fails now and then; all actors take
/// their turns in random order.
class node_schedule {
public:
  explicit node_schedule(std::uint64_t seed) : random_{seed}, node_{restless()} {
    node_.shuffle(seed);
    for (const auto& user : {ann, bob, cy})
      for (const auto* name : {"phone", "tablet"}) devices_.push_back({user, name, {}, nullptr, nullptr});
    for (auto& device : devices_)
      if (one_in(2)) connect(device);
  }

  ~node_schedule() {
    for (auto& device : devices_) disconnect(device);
  }

  std::string run() {
    for (auto steps = draw(20, 120); steps > 0 && violation_.empty(); --steps) step();
    heal();
    check_log();
    check_devices();
    return violation_;
  }

private:
  std::size_t draw(std::size_t least, std::size_t most) { return least + random_() % (most - least + 1); }
  bool one_in(std::size_t n) { return draw(1, n) == 1; }
  template <class T> T& any_of(std::vector<T>& all) { return all[draw(0, all.size() - 1)]; }

  void step() {
    switch (draw(0, 9)) {
    case 0:
    case 1:
    case 2: return make_wish();
    case 3: return wishes_.empty() ? void() : say(any_of(wishes_));
    case 4: {
      auto& device = any_of(devices_);
      return device.handle ? disconnect(device) : connect(device);
    }
    case 5: return move_position();
    case 6: return make_trouble();
    case 7: return node_.pass(std::chrono::milliseconds{draw(1, 700)});
    default:
      for (auto turns = draw(1, 40); turns > 0; --turns) (void)node_.turn();
    }
    look_at_devices();
  }

  // What users do. --------------------------------------------------------------------------------------------------

  void connect(wandering_device& device) {
    device.session = session_id{random_uuid()};
    device.link = std::make_shared<follower>(device.session, device.user);
    device.handle = node_.open({device.session, device.user, device_id{device.name}, false, device.link});
    device.link->attach(device.handle.get());
  }

  void disconnect(wandering_device& device) {
    if (!device.handle) return;
    look_at(device);
    device.link->attach(nullptr);
    device.handle->closed();
    device.handle = nullptr;
  }

  void make_wish() {
    const std::vector<std::pair<user_id, user_id>> pairs{{ann, bob}, {bob, ann}, {bob, cy}, {cy, ann}};
    const auto& [author, to] = pairs[draw(0, pairs.size() - 1)];
    wishes_.push_back({author, to, client_number(static_cast<int>(wishes_.size()) + 1)});
    say(wishes_.back());
  }

  void say(wish& what) {
    for (auto& device : devices_) {
      if (!device.handle || device.user != what.author || one_in(3)) continue;
      // A message is written under its text, so that a mix-up is seen.
      auto frame = decode_frame(send_to(what.to, fmt::format(R"("ref":"{}/{}","clientId":"{}","text":"{}")",
                                                             what.client, what.attempts, what.client, what.client)),
                                {});
      ++what.attempts;
      return device.handle->ask({frame.ref, *frame.request});
    }
  }

  void move_position() {
    auto& device = any_of(devices_);
    const auto& peer = device.user == ann ? bob : ann;
    const auto id = direct_conversation(device.user, peer);
    if (!device.handle) return;
    const auto seq = device.link->position(id);
    auto frame = decode_frame(fmt::format(R"({{"type":"{}","conversation":"{}","seq":{}}})",
                                          one_in(2) ? "read" : "received", to_string(id), seq),
                              {});
    device.handle->ask({frame.ref, *frame.request});
  }

  void make_trouble() {
    switch (draw(0, 2)) {
    case 0: node_.log().is_down = !node_.log().is_down; break;
    case 1: node_.log().loses_next_answer = true; break;
    default:
      node_.log().before_write = [](log_store& real) {
        const auto id = direct_conversation(ann, bob);
        const auto found = real.load(id).value();
        if (!found) return;
        const entry item{.conversation = id, .seq = found->head + 1, .author = bob, .body = R"({"text":"rival"})"};
        const conversation_write write{.conversation = id, .entries = {item}};
        REQUIRE(real.write({&write, 1}).front());
      };
    }
  }

  // The end. --------------------------------------------------------------------------------------------------------

  void heal() {
    node_.log().is_down = false;
    node_.log().loses_next_answer = false;
    node_.log().before_write = nullptr;
    for (int round = 0; round < 20; ++round) {
      for (auto& device : devices_) {
        if (device.handle && !device.link->is_closed()) continue;
        disconnect(device);
        connect(device);
      }
      node_.pass(1s);
      look_at_devices();
      for (auto& one : wishes_)
        if (!one.acknowledged) say(one);
    }
    // One more message everywhere shows what nobody was told of.
    for (const auto& [author, to] : {std::pair{ann, bob}, std::pair{bob, cy}, std::pair{cy, ann}}) {
      wishes_.push_back({author, to, client_number(static_cast<int>(wishes_.size()) + 1)});
      while (wishes_.back().attempts == 0) say(wishes_.back());
    }
    node_.pass(5s);
    look_at_devices();
  }

  void look_at_devices() {
    for (auto& device : devices_) look_at(device);
  }

  void look_at(wandering_device& device) {
    if (!device.link) return;
    if (const auto why = device.link->violation(); !why.empty()) object(why);
    for (const auto& [ref, place] : device.link->acknowledged()) {
      auto& told = wishes_.at(std::stoul(ref.substr(24, 12)) - 1);
      if (told.acknowledged.value_or(place.second) != place.second)
        object(fmt::format("{} was acknowledged at {} and at {}", told.client, *told.acknowledged, place.second));
      told.acknowledged = place.second;
    }
  }

  std::vector<entry> log_of(const user_id& one, const user_id& other) {
    return node_.log().real().read(direct_conversation(one, other), {.limit = 10'000}).value();
  }

  void check_log() {
    for (const auto& one : wishes_) {
      if (!one.acknowledged) {
        object(fmt::format("{} was never acknowledged", one.client));
        continue;
      }
      std::size_t times = 0;
      const auto items = log_of(one.author, one.to);
      for (const auto& item : items)
        if (item.body == fmt::format(R"({{"text":"{}"}})", one.client)) {
          ++times;
          if (item.seq != *one.acknowledged) object(fmt::format("{} stands at {}", one.client, item.seq));
        }
      if (times != 1) object(fmt::format("{} was written {} times", one.client, times));
    }
    for (const auto& user : {ann, bob, cy}) {
      const auto list = node_.log().real().list(user, std::nullopt, 10).value();
      for (const auto& line : list)
        if (line.self.read > line.self.delivered || line.self.delivered > line.head || line.self.shown > line.self.read)
          object(fmt::format("positions of {} are out of order", user.value));
    }
  }

  void check_devices() {
    for (auto& device : devices_) {
      if (!device.link->is_synced()) object(fmt::format("{} was not synced", device.user.value));
      for (const auto& peer : {ann, bob, cy}) {
        if (peer == device.user) continue;
        const auto head = log_of(device.user, peer).size();
        const auto position = device.link->position(direct_conversation(device.user, peer));
        if (position != head)
          object(fmt::format("{} has entries up to {} of {} with {}", device.user.value, position, head, peer.value));
      }
    }
  }

  void object(std::string what) {
    if (violation_.empty()) violation_ = std::move(what);
  }

  std::mt19937_64 random_;
  people node_;
  std::vector<wandering_device> devices_;
  std::vector<wish> wishes_;
  int sessions_ = 0;
  std::string violation_;
};

} // namespace

TEST_CASE("node: in any order of turns and troubles, what is acknowledged is there once and everybody has it") {
  const auto seed = first_seed();
  MESSAGE("schedules from PARLEY_SEED=", seed);
  for (std::size_t i = 0; i < schedules; ++i) {
    const auto violation = node_schedule{seed + i}.run();
    if (!violation.empty()) FAIL("PARLEY_SEED=", seed + i, ": ", violation);
  }
}

} // namespace parley::tests

// A bridge that overflows, in front of a real window: whatever the order of things, the device ends up complete.

#include <doctest/doctest.h>

#include <numeric>
#include <random>

#include "net/bridge.hpp"
#include "tests/unit/core/device_queue.hpp"

using namespace parley;
using namespace parley::net;
using namespace parley::tests;

namespace {

constexpr std::uint8_t conversations = 3;
constexpr seq_no entries = 60;

/// A member of some conversations from the start, and of others from the first entry that is pushed to it.
struct small_world {
  explicit small_world(std::uint64_t seed) : random{seed} {
    window.end_replay("synced");
    for (std::uint8_t c = 1; c <= conversations; ++c) joined.push_back(1 + draw(20));
    heads.assign(conversations, 0);
  }

  seq_no draw(seq_no most) { return std::uniform_int_distribution<seq_no>{0, most}(random); }

  void write() {
    const auto c = static_cast<std::uint8_t>(draw(conversations - 1));
    if (heads[c] == entries) return;
    if (++heads[c] >= joined[c]) link.push(make_live(message(conversation_number(c + 1), heads[c], bob)));
  }

  void deliver() {
    for (auto& one : link.take()) {
      if (auto* pushed = std::get_if<entry_pushed>(&one)) window.push(pushed->item);
      if (auto* filled = std::get_if<hole_filled>(&one)) window.fill(filled->conversation, filled->items);
    }
    for (const auto& line : queue.take())
      if (line.find("/s") != std::string::npos) received.push_back(line.substr(0, line.find('/')));
  }

  void answer_holes() {
    for (const auto& [conversation, after] : std::exchange(queue.needs, {})) {
      const auto c = conversation == conversation_number(1) ? 0U : conversation == conversation_number(2) ? 1U : 2U;
      std::vector<live_entry_ptr> items;
      for (auto seq = std::max(after + 1, joined[c]); seq <= heads[c] && items.size() < 10; ++seq)
        items.push_back(make_live(message(conversation, seq, bob)));
      link.fill(conversation, std::move(items));
    }
  }

  std::mt19937_64 random;
  device_queue queue;
  session_window window{session_number(1), ann, queue};
  bridge link{4, [] {}};
  std::vector<seq_no> joined;
  std::vector<seq_no> heads;
  std::vector<std::string> received;
};

} // namespace

TEST_CASE("bridge: a device behind one that overflows gets every entry once and in order") {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    CAPTURE(seed);
    small_world world{seed};
    for (int step = 0; step < 400; ++step) {
      const auto what = world.draw(9);
      if (what == 0)
        world.deliver();
      else if (what == 1)
        world.answer_holes();
      else
        world.write();
    }
    while (std::accumulate(world.heads.begin(), world.heads.end(), seq_no{0}) < conversations * entries) world.write();
    for (int round = 0; round < 40; ++round) {
      world.deliver();
      world.answer_holes();
    }

    for (std::uint8_t c = 0; c < conversations; ++c) {
      std::vector<std::string> wanted, got;
      const auto name = std::to_string(c + 1) + ":";
      for (auto seq = world.joined[c]; seq <= entries; ++seq) wanted.push_back(name + std::to_string(seq));
      for (const auto& line : world.received)
        if (line.starts_with(name)) got.push_back(line);
      CHECK(got == wanted);
    }
  }
}

#include <array>
#include <atomic>
#include <cstring>
#include <fstream>
#include <latch>
#include <map>
#include <thread>

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <unistd.h>

#include "tests/unit/cluster/link/test_node.hpp"

using namespace parley;
using namespace parley::cluster::link;
using namespace parley::tests;

namespace {

/// `STREAM NUMBER`, two words of 64 bits, and as much as fills 200 bytes.
std::string numbered(std::uint64_t stream, std::uint64_t number) {
  std::string envelope(200, 'x');
  std::memcpy(envelope.data(), &stream, sizeof stream);
  std::memcpy(envelope.data() + sizeof stream, &number, sizeof number);
  return envelope;
}

/// Sees that each stream arrives in order, each envelope once.
class order_check {
public:
  void take(const std::string& node, const std::vector<std::string>& envelopes) {
    for (const auto& one : envelopes) {
      std::uint64_t stream = 0;
      std::uint64_t number = 0;
      std::memcpy(&stream, one.data(), sizeof stream);
      std::memcpy(&number, one.data() + sizeof stream, sizeof number);
      if (one.size() != 200 || next_[{node, stream}]++ != number) ++wrong;
      ++count;
    }
  }

  std::atomic<std::uint64_t> count{0};
  std::atomic<std::uint64_t> wrong{0};

private:
  std::map<std::pair<std::string, std::uint64_t>, std::uint64_t> next_;
};

test_node::receiver into(order_check& check) {
  return [&check](const std::string& node, const std::vector<std::string>& envelopes) { check.take(node, envelopes); };
}

/// Again and again while the link is at its bound.
void send_all(test_node& from, const std::string& to, std::uint64_t stream, std::uint64_t count) {
  for (std::uint64_t i = 0; i < count; ++i) {
    auto sent = from.links->send(to, numbered(stream, i));
    while (!sent && sent.error().code == errc::overloaded) {
      std::this_thread::yield();
      sent = from.links->send(to, numbered(stream, i));
    }
    if (!sent) return;
  }
}

std::size_t resident_bytes() {
  std::size_t all = 0;
  std::size_t resident = 0;
  std::ifstream{"/proc/self/statm"} >> all >> resident;
  return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

/// Lets the receiver go when a test ends, however it ends.
struct opened_at_end {
  ~opened_at_end() {
    if (!gate.try_wait()) gate.count_down();
  }
  std::latch gate{1};
};

} // namespace

TEST_CASE("links: 100,000 envelopes each way arrive once and in order") {
  constexpr std::uint64_t count = 100'000;
  order_check at_a;
  order_check at_b;
  test_node a{options_of("a"), into(at_a)};
  test_node b{options_of("b"), into(at_b)};
  link_up(a, b);
  {
    const std::jthread one{[&] { send_all(a, "b", 0, count); }};
    const std::jthread other{[&] { send_all(b, "a", 0, count); }};
  }
  CHECK(eventually([&] { return at_a.count == count && at_b.count == count; }));
  CHECK(at_a.wrong == 0);
  CHECK(at_b.wrong == 0);
  CHECK(eventually([&] { return a.links->figures().at(0).envelopes == 0; }));
}

TEST_CASE("links: three nodes send to each other from four threads each, and every thread's order is kept") {
  constexpr std::uint64_t count = 5'000;
  constexpr std::uint64_t threads = 4;
  std::array<order_check, 3> checks;
  test_node a{options_of("a"), into(checks[0])};
  test_node b{options_of("b"), into(checks[1])};
  test_node c{options_of("c"), into(checks[2])};
  link_up(a, b);
  link_up(b, c);
  link_up(a, c);
  {
    const std::array<test_node*, 3> nodes{&a, &b, &c};
    std::vector<std::jthread> senders;
    for (auto* const from : nodes)
      for (std::uint64_t stream = 0; stream < threads; ++stream)
        senders.emplace_back([from, stream, &nodes] {
          for (const auto* const to : nodes)
            if (to != from) send_all(*from, to->options.node, stream, count);
        });
  }
  for (const auto& check : checks) {
    CHECK(eventually([&] { return check.count == 2 * threads * count; }));
    CHECK(check.wrong == 0);
  }
}

TEST_CASE("links: a peer whose handler stalls makes `overloaded` at the bound, in flat memory, and recovers") {
  opened_at_end stall;
  order_check at_b;
  test_node a{options_of("a")};
  test_node b{options_of("b"), [&](const std::string& node, const std::vector<std::string>& envelopes) {
                stall.gate.wait();
                at_b.take(node, envelopes);
              }};
  link_up(a, b);
  const auto before = resident_bytes();
  std::uint64_t accepted = 0;
  for (std::uint64_t i = 0; i < 500'000; ++i) {
    const auto sent = a.links->send("b", numbered(0, accepted));
    if (sent)
      ++accepted;
    else
      REQUIRE(sent.error().code == errc::overloaded);
  }
  CHECK(accepted == a.options.bounds.envelopes_max);
  CHECK(a.links->figures().at(0).envelopes == accepted);
  // Both ends are in this process: what waits, what is on its way, and what has arrived.
  CHECK(resident_bytes() < before + (48 << 20));
  // A node that takes nothing is still alive.
  CHECK(!a.hears([](const test_node::news& said) { return said.changes.size() > 1; },
                 deadline{2 * a.options.bounds.timeout}));
  stall.gate.count_down();
  CHECK(eventually([&] { return at_b.count == accepted; }));
  CHECK(at_b.wrong == 0);
  CHECK(a.links->send("b", numbered(0, accepted)));
  CHECK(eventually([&] { return at_b.count == accepted + 1; }));
}

TEST_CASE("links: bytes are bounded as well, and the largest envelope arrives") {
  opened_at_end stall;
  std::atomic<std::size_t> bytes{0};
  test_node a{options_of("a")};
  test_node b{options_of("b"), [&](const std::string&, const std::vector<std::string>& envelopes) {
                stall.gate.wait();
                for (const auto& one : envelopes) bytes += one.size();
              }};
  link_up(a, b);
  const auto& bounds = a.options.bounds;
  CHECK(a.links->send("b", std::string(bounds.envelope_bytes_max + 1, 'x')).error().code == errc::too_large);
  for (std::size_t i = 0; i < bounds.bytes_max / bounds.envelope_bytes_max; ++i)
    CHECK(a.links->send("b", std::string(bounds.envelope_bytes_max, 'x')));
  CHECK(a.links->send("b", "x").error().code == errc::overloaded);
  stall.gate.count_down();
  CHECK(eventually([&] { return bytes == bounds.bytes_max; }));
}

TEST_CASE("links: stop tells when a handler does not return, and ends when it does") {
  opened_at_end stall;
  std::atomic<bool> is_there{false};
  test_node a{options_of("a")};
  test_node b{options_of("b"), [&](const std::string&, const std::vector<std::string>&) {
                is_there = true;
                stall.gate.wait();
              }};
  link_up(a, b);
  REQUIRE(a.links->send("b", "x"));
  REQUIRE(eventually([&] { return is_there.load(); }));
  const auto stopped = b.links->stop(std::chrono::milliseconds{300});
  REQUIRE(!stopped);
  CHECK(stopped.error().code == errc::timeout);
  stall.gate.count_down();
  CHECK(b.links->stop(std::chrono::seconds{10}));
  CHECK(a.loses("b", down_reason::left));
}

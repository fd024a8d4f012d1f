#include "tests/unit/cluster/link/test_node.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include <doctest/doctest.h>
#include <fmt/format.h>

namespace parley::tests {

using namespace cluster::link;

link_options options_of(const std::string& node, std::uint64_t incarnation) {
  link_options options;
  options.cluster = "test";
  options.node = node;
  options.incarnation = incarnation;
  options.listen = "127.0.0.1:0";
  return options;
}

test_node::test_node(link_options wanted, receiver take) : options{std::move(wanted)} {
  link_handlers handlers;
  const auto note = [notes = notes_](auto write) {
    const std::scoped_lock lock{notes->mutex};
    write(notes->said);
    notes->changed.notify_all();
  };
  handlers.received = [note, take](const std::string& node, std::uint64_t, std::vector<std::string> envelopes) {
    if (take) return take(node, std::move(envelopes));
    note([&](news& said) {
      for (auto& one : envelopes) said.envelopes.push_back(std::move(one));
    });
  };
  handlers.changed = [note](const link_change& change) { note([&](news& said) { said.changes.push_back(change); }); };
  handlers.refused = [note](const std::string& node, const std::string& why) {
    note([&](news& said) { said.refusals.push_back(fmt::format("{}: {}", node, why)); });
  };
  auto started = peer_links::start(options, std::move(handlers));
  if (!started) throw std::runtime_error{started.error().detail};
  links = std::move(*started);
}

std::string test_node::address() const { return fmt::format("127.0.0.1:{}", links->port()); }

void test_node::connect(const test_node& other) {
  REQUIRE(links->connect(other.options.node, other.options.incarnation, other.address()));
}

bool test_node::hears(const std::function<bool(const news&)>& condition, deadline until) {
  std::unique_lock lock{notes_->mutex};
  return notes_->changed.wait_until(lock, until.at(), [&] { return condition(notes_->said); });
}

bool test_node::is_linked_with(const std::string& node) {
  return hears([&](const news& said) {
    const auto last = std::find_if(said.changes.rbegin(), said.changes.rend(),
                                   [&](const link_change& one) { return one.node == node; });
    return last != said.changes.rend() && last->is_up;
  });
}

bool test_node::loses(const std::string& node, down_reason why, deadline until) {
  return hears(
      [&](const news& said) {
        return std::ranges::any_of(
            said.changes, [&](const link_change& one) { return one.node == node && !one.is_up && one.reason == why; });
      },
      until);
}

bool test_node::is_told(const std::string& refusal) {
  return hears([&](const news& said) {
    return std::ranges::any_of(said.refusals,
                               [&](const std::string& one) { return one.find(refusal) != std::string::npos; });
  });
}

void test_node::forget_news() {
  const std::scoped_lock lock{notes_->mutex};
  notes_->said = {};
}

void link_up(test_node& one, test_node& other) {
  one.connect(other);
  other.connect(one);
  REQUIRE(one.is_linked_with(other.options.node));
  REQUIRE(other.is_linked_with(one.options.node));
}

} // namespace parley::tests

/// The links of one node in a test, and all that they have said.

#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "cluster/link/peer_links.hpp"
#include "tests/system/deadline.hpp"

namespace parley::tests {

/// Listens on a free port of 127.0.0.1.
[[nodiscard]] cluster::link::link_options options_of(const std::string& node, std::uint64_t incarnation = 1);

class test_node {
public:
  struct news {
    std::vector<cluster::link::link_change> changes;
    /// Each as `NODE: WHY`.
    std::vector<std::string> refusals;
    std::vector<std::string> envelopes;
  };

  using receiver = std::function<void(const std::string& node, std::vector<std::string> envelopes)>;

  /// Envelopes go to `receiver`, or are kept. Fails the test when the links do not start.
  explicit test_node(cluster::link::link_options options, receiver take = {});

  [[nodiscard]] std::string address() const;
  void connect(const test_node& other);

  /// Waits until it holds of what was said so far.
  [[nodiscard]] bool hears(const std::function<bool(const news&)>& condition, deadline until = deadline{});
  [[nodiscard]] bool is_linked_with(const std::string& node);
  [[nodiscard]] bool loses(const std::string& node, cluster::link::down_reason why, deadline until = deadline{});
  [[nodiscard]] bool is_told(const std::string& refusal);
  /// Drops what was said.
  void forget_news();

  const cluster::link::link_options options;

private:
  struct notebook {
    std::mutex mutex;
    std::condition_variable changed;
    news said;
  };

  const std::shared_ptr<notebook> notes_ = std::make_shared<notebook>();

public:
  /// The last member: what it calls lives longer.
  std::unique_ptr<cluster::link::peer_links> links;
};

/// Each knows the other, and the link stands on both sides.
void link_up(test_node& one, test_node& other);

} // namespace parley::tests

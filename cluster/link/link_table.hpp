/// The links that stand, by the peer's id: where a sender on any thread meets them.

#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "cluster/link/outbox.hpp"
#include "cluster/link/peer_links.hpp"

namespace parley::cluster::link {

struct standing_link {
  /// Tells it from other links to the same peer, before and after.
  std::uint64_t number = 0;
  std::shared_ptr<outbox> box;
};

class link_table {
public:
  void add(const std::string& node, standing_link one);
  /// Closes its outbox.
  void remove(const std::string& node);
  /// `box` is null when there is none.
  [[nodiscard]] standing_link find(const std::string& node) const;
  [[nodiscard]] std::vector<link_figures> figures() const;

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, standing_link> links_;
};

} // namespace parley::cluster::link

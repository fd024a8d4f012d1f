#include "cluster/link/link_table.hpp"

#include <utility>

namespace parley::cluster::link {

void link_table::add(const std::string& node, standing_link one) {
  const std::scoped_lock lock{mutex_};
  links_[node] = std::move(one);
}

void link_table::remove(const std::string& node) {
  const std::scoped_lock lock{mutex_};
  const auto found = links_.find(node);
  if (found == links_.end()) return;
  found->second.box->close();
  links_.erase(found);
}

standing_link link_table::find(const std::string& node) const {
  const std::scoped_lock lock{mutex_};
  const auto found = links_.find(node);
  return found == links_.end() ? standing_link{} : found->second;
}

std::vector<link_figures> link_table::figures() const {
  const std::scoped_lock lock{mutex_};
  std::vector<link_figures> all;
  all.reserve(links_.size());
  for (const auto& [node, one] : links_) {
    const auto held = one.box->held();
    all.push_back({.node = node, .envelopes = held.envelopes, .bytes = held.bytes});
  }
  return all;
}

} // namespace parley::cluster::link

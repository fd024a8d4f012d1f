#include <algorithm>
#include <ranges>

#include "persistence/memory/state.hpp"

namespace parley::persistence::memory {

namespace {

class nodes_in_memory final : public node_store {
public:
  explicit nodes_in_memory(std::shared_ptr<state> all) : all_{std::move(all)} {}

  result<cluster_view> read() override {
    const std::scoped_lock lock{all_->mutex};
    cluster_view found{.version = all_->view_version, .nodes = {}};
    for (const auto& known : all_->nodes | std::views::values) found.nodes.push_back(known.node);
    return found;
  }

  result<beat_report> beat(const node_id& node, std::uint64_t incarnation) override {
    const std::scoped_lock lock{all_->mutex};
    beat_report report{.counted = false, .version = all_->view_version, .beats = {}};
    for (auto& [id, known] : all_->nodes) {
      if (known.node.state == node_state::down) continue;
      if (id == node && known.node.incarnation == incarnation) {
        ++known.beat;
        report.counted = true;
      }
      report.beats.push_back({id, known.node.incarnation, known.beat});
    }
    return report;
  }

  result<void> change(const view_change& change) override {
    const std::scoped_lock lock{all_->mutex};
    if (all_->view_version != change.expected) return fail(errc::conflict, "the view has another version");
    if (!std::ranges::all_of(change.silent, [&](const node_beat& one) { return stands_still(one); }))
      return fail(errc::conflict, "a beat has moved");
    for (const auto& node : change.put) put(node);
    for (const auto& id : change.forgotten) all_->nodes.erase(id);
    ++all_->view_version;
    return {};
  }

private:
  [[nodiscard]] bool stands_still(const node_beat& seen) const {
    const auto& known = look_up(all_->nodes, seen.node);
    return known.node.incarnation == seen.incarnation && known.beat == seen.beat;
  }

  void put(const cluster_node& node) {
    auto& known = all_->nodes[node.id];
    if (known.node.incarnation != node.incarnation) known.beat = 0;
    known.node = node;
  }

  std::shared_ptr<state> all_;
};

} // namespace

std::shared_ptr<node_store> make_node_store(std::shared_ptr<state> state) {
  return std::make_shared<nodes_in_memory>(std::move(state));
}

} // namespace parley::persistence::memory

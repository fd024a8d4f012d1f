#include "cluster/membership/beat_watch.hpp"

#include <utility>

namespace parley::cluster {

void beat_watch::observe(const beat_report& report, instant answered) {
  const auto was_away = !answered_ || answered - *answered_ > gap_max_;
  answered_ = answered;
  std::map<node_id, sight> now;
  for (const auto& beat : report.beats) {
    const auto* before = find(beat.node, beat.incarnation);
    sight seen{.last = beat, .since = answered, .has_moved = before && before->has_moved};
    if (before && before->last.beat != beat.beat)
      seen.has_moved = true;
    else if (before && !was_away)
      seen.since = before->since;
    now.emplace(beat.node, std::move(seen));
  }
  sights_ = std::move(now);
}

const beat_watch::sight* beat_watch::find(const node_id& node, std::uint64_t incarnation) const {
  const auto found = sights_.find(node);
  return found != sights_.end() && found->second.last.incarnation == incarnation ? &found->second : nullptr;
}

} // namespace parley::cluster

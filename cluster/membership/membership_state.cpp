#include "cluster/membership/membership_state.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "cluster/membership/placement.hpp"
#include "cluster/membership/view.hpp"

namespace parley::cluster {

membership_state::membership_state(node_identity self, membership_limits limits, instant now)
    : self_{std::move(self)}, limits_{limits}, watch_{limits.gap_max}, beat_at_{now}, rest_at_{now} {}

std::optional<store_request> membership_state::next(instant now) {
  if (end_ || asked_) return std::nullopt;
  const auto asks = [&](store_request what) {
    asked_ = now;
    return what;
  };
  if (is_view_known_ && now >= beat_at_) return asks(ask_beat{self_.id, incarnation_});
  if (now < rest_at_) return std::nullopt;
  if (wants_view()) return asks(ask_view{});
  if (auto change = wanted_change()) return asks(*std::move(change));
  return std::nullopt;
}

std::optional<instant> membership_state::wake_at(instant now) const {
  std::optional<instant> first;
  const auto note = [&](instant at) { first = first ? std::min(*first, at) : at; };
  if (may_own(now)) note(*beaten_ + limits_.own_silence_max);
  if (end_ || asked_) return first;
  if (is_view_known_) note(beat_at_);
  if (wants_view() || wanted_change()) note(rest_at_);
  return first;
}

void membership_state::view_read(const result<cluster_view>& answer, instant now) {
  asked_.reset();
  if (!answer) {
    rest_at_ = now + limits_.retry_after;
    return;
  }
  // An older one than ours comes from a store that lags behind. The next beat shows whether there is a newer one.
  const auto is_newer = !is_view_known_ || answer->version > view_.version;
  const auto incarnation_before = incarnation_;
  if (is_newer) adopt(*answer);
  // Whatever was refused would be refused again.
  if (reread_ && !is_newer) rest_at_ = now + limits_.retry_after;
  reread_ = false;
  wanted_ = view_.version;
  if (incarnation_ != incarnation_before) beat_at_ = now;
  finish_leaving();
  plan_beat(now);
}

void membership_state::beat_answered(const result<beat_report>& answer, instant now) {
  const auto asked = asked_.value_or(now);
  asked_.reset();
  beat_at_ = asked + limits_.beat_every;
  if (!answer) {
    judged_at_.reset();
    beat_at_ = now + limits_.retry_after;
    return;
  }
  watch_.observe(*answer, now);
  note_version(answer->version);
  if (answer->counted) beaten_ = asked;
  const auto is_lost = incarnation_ > 0 && !answer->counted;
  if (is_lost) {
    // Down, or replaced: the view says which. Until it is read, at least nothing is owned.
    beaten_.reset();
    reread_ = true;
  }
  judged_at_.reset();
  if (!is_lost) judged_at_ = asked;
  look_for_obstacles();
  finish_leaving();
  plan_beat(now);
}

void membership_state::change_answered(const result<void>& answer, instant now) {
  asked_.reset();
  // Made, or made by somebody else, or perhaps made: in each case the view is to be read, and the beats are old news.
  reread_ = true;
  judged_at_.reset();
  if (!answer && answer.error().code == errc::conflict)
    beat_at_ = std::min(beat_at_, now);
  else if (!answer)
    rest_at_ = now + limits_.retry_after;
}

void membership_state::note_version(std::uint64_t version) { wanted_ = std::max(wanted_, version); }

void membership_state::note_failure(const node_id& peer, connection_failure how, instant now) {
  const auto* node = find_node(view_, peer);
  if (!node || node->state == node_state::down || peer == self_.id) return;
  auto& about = suspicions_[peer];
  // Old failures say nothing of a standstill that begins now.
  const auto last = about.confirmed.value_or(about.first);
  if (about.incarnation != node->incarnation || now - last > limits_.silent_max) {
    about = {.incarnation = node->incarnation, .first = now, .confirmed = {}};
    // From this answer on a standstill is one since the failure.
    beat_at_ = std::min(beat_at_, now);
  } else if (how == connection_failure::refused) {
    about.confirmed = now;
    plan_beat(now);
  }
}

bool membership_state::drain(const node_id& node) {
  const auto* row = find_node(view_, node);
  if (node != self_.id && (!row || row->state == node_state::down)) return false;
  draining_.insert(node);
  return true;
}

void membership_state::leave() {
  leaving_ = true;
  if (!asked_) finish_leaving();
}

bool membership_state::may_own(instant now) const {
  return incarnation_ > 0 && !end_ && !leaving_ && beaten_ && now - *beaten_ < limits_.own_silence_max;
}

// What a view means for this node. -----------------------------------------------------------------------------------

const cluster_node* membership_state::own_row() const {
  const auto* row = find_node(view_, self_.id);
  return row && row->instance == self_.instance && row->state != node_state::down ? row : nullptr;
}

bool membership_state::is_obstacle(const cluster_node& node) const {
  if (incarnation_ > 0 || node.state == node_state::down) return false;
  if (node.id == self_.id) return node.instance != self_.instance;
  return node.protocol_max < self_.protocol_min || node.protocol_min > self_.protocol_max;
}

void membership_state::adopt(const cluster_view& view) {
  view_ = view;
  is_view_known_ = true;
  std::erase_if(suspicions_, [&](const auto& about) {
    const auto* node = find_node(view_, about.first);
    return !node || node->incarnation != about.second.incarnation || node->state == node_state::down;
  });
  std::erase_if(draining_, [&](const node_id& id) {
    const auto* node = find_node(view_, id);
    return id != self_.id && (!node || node->state == node_state::draining || node->state == node_state::down);
  });
  if (const auto* row = own_row()) {
    if (row->incarnation != incarnation_) beaten_.reset();
    incarnation_ = last_incarnation_ = row->incarnation;
    return;
  }
  incarnation_ = 0;
  beaten_.reset();
  const auto* row = find_node(view_, self_.id);
  if (!leaving_ && row && row->instance != self_.instance && last_incarnation_ > 0 &&
      row->incarnation > last_incarnation_)
    finish(membership_end::cause::replaced,
           fmt::format("node id {} was taken over by a process at {} while this one did not beat", self_.id.value,
                       row->address));
}

void membership_state::look_for_obstacles() {
  for (const auto& node : view_.nodes) {
    const auto* seen = is_obstacle(node) ? watch_.find(node.id, node.incarnation) : nullptr;
    if (!seen || !seen->has_moved) continue;
    if (node.id == self_.id)
      finish(membership_end::cause::taken,
             fmt::format("node id {} is taken: a process at {} beats under it", self_.id.value, node.address));
    else
      finish(membership_end::cause::incompatible,
             fmt::format("this node speaks the protocol between nodes in versions {} to {}, but node {} at {} only "
                         "{} to {}",
                         self_.protocol_min, self_.protocol_max, node.id.value, node.address, node.protocol_min,
                         node.protocol_max));
  }
}

void membership_state::finish_leaving() {
  if (leaving_ && incarnation_ == 0 && !reread_) finish(membership_end::cause::left, "left the cluster");
}

void membership_state::finish(membership_end::cause why, std::string reason) {
  if (!end_) end_ = membership_end{why, std::move(reason)};
}

// Changes. -----------------------------------------------------------------------------------------------------------

std::optional<view_change> membership_state::wanted_change() const {
  if (incarnation_ == 0) return leaving_ ? std::nullopt : join();
  if (leaving_) {
    auto gone = *own_row();
    gone.state = node_state::down;
    view_change change{.expected = view_.version, .put = {std::move(gone)}, .forgotten = {}, .silent = {}};
    forget_some(change);
    return change;
  }
  if (auto change = mark_down()) return change;
  return change_states();
}

std::optional<view_change> membership_state::join() const {
  cluster_node self{.id = self_.id,
                    .incarnation = view_.version + 1,
                    .instance = self_.instance,
                    .address = self_.address,
                    .protocol_min = self_.protocol_min,
                    .protocol_max = self_.protocol_max,
                    .state = node_state::joining};
  view_change change{.expected = view_.version, .put = {std::move(self)}, .forgotten = {}, .silent = {}};
  for (const auto& node : view_.nodes) {
    if (!is_obstacle(node)) continue;
    if (!is_dead(node)) return std::nullopt;
    change.silent.push_back(watch_.find(node.id, node.incarnation)->last);
    if (node.id == self_.id) continue;
    change.put.push_back(node);
    change.put.back().state = node_state::down;
  }
  return change;
}

std::optional<view_change> membership_state::mark_down() const {
  view_change change{.expected = view_.version, .put = {}, .forgotten = {}, .silent = {}};
  for (const auto& node : view_.nodes) {
    if (node.id == self_.id || !is_dead(node)) continue;
    change.put.push_back(node);
    change.put.back().state = node_state::down;
    change.silent.push_back(watch_.find(node.id, node.incarnation)->last);
  }
  if (change.put.empty()) return std::nullopt;
  forget_some(change);
  return change;
}

std::optional<view_change> membership_state::change_states() const {
  view_change change{.expected = view_.version, .put = {}, .forgotten = {}, .silent = {}};
  for (const auto& node : view_.nodes) {
    const auto is_active = node.state == node_state::joining || node.state == node_state::up;
    if (!is_active) continue;
    auto changed = node;
    if (draining_.contains(node.id))
      changed.state = node_state::draining;
    else if (node.id == self_.id && ready_)
      changed.state = node_state::up;
    if (changed != node) change.put.push_back(std::move(changed));
  }
  if (change.put.empty()) return std::nullopt;
  return change;
}

void membership_state::forget_some(view_change& change) const {
  std::vector<const cluster_node*> down;
  for (const auto& node : view_.nodes)
    if (node.state == node_state::down) down.push_back(&node);
  const auto count = down.size() + change.put.size();
  if (count <= limits_.down_kept) return;
  std::ranges::sort(down, {}, &cluster_node::incarnation);
  down.resize(std::min(down.size(), count - limits_.down_kept));
  for (const auto* node : down) change.forgotten.push_back(node->id);
}

// When. --------------------------------------------------------------------------------------------------------------

std::optional<instant> membership_state::death_of(const cluster_node& node, instant horizon) const {
  if (node.state == node_state::down) return std::nullopt;
  const auto* seen = watch_.find(node.id, node.incarnation);
  if (!seen) return std::nullopt;
  std::optional<instant> at;
  // Whose turn it is costs a walk through the view: only when it matters.
  if (const auto silent = seen->since + limits_.silent_max; silent <= horizon)
    at = silent + limits_.turn * static_cast<int>(std::min(turn_for(node), limits_.turns_max));
  const auto about = suspicions_.find(node.id);
  if (about != suspicions_.end() && about->second.confirmed && about->second.incarnation == node.incarnation &&
      horizon - *about->second.confirmed < limits_.silent_max) {
    const auto refused = std::max(about->second.first + limits_.refused_for, seen->since + limits_.refused_silence);
    at = at ? std::min(*at, refused) : refused;
  }
  return at && *at <= horizon ? at : std::nullopt;
}

bool membership_state::is_dead(const cluster_node& node) const {
  return judged_at_ && death_of(node, *judged_at_).has_value();
}

std::size_t membership_state::turn_for(const cluster_node& node) const {
  // Any hash will do; this one is the same on all nodes.
  const auto rank = [&](const node_id& id) { return weight_of(id, static_cast<shard_number>(node.incarnation)); };
  const auto own = rank(self_.id);
  return static_cast<std::size_t>(std::ranges::count_if(view_.nodes, [&](const cluster_node& other) {
    return other.state != node_state::down && other.id != node.id && other.id != self_.id && rank(other.id) > own;
  }));
}

void membership_state::plan_beat(instant now) {
  if (!judged_at_) return;
  // Who waited for the next beat after a death is due would waste up to a second of the outage.
  for (const auto& node : view_.nodes) {
    if (node.id == self_.id && !is_obstacle(node)) continue;
    const auto death = death_of(node, beat_at_);
    if (death && *death > *judged_at_) beat_at_ = std::max(*death, now);
  }
}

} // namespace parley::cluster

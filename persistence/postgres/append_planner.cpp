#include "persistence/postgres/append_planner.hpp"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include <parley/ensure.hpp>

#include "persistence/postgres/append_verdict.hpp"
#include "persistence/well_formed.hpp"

namespace parley::persistence::postgres {

namespace {

using indices = std::vector<std::size_t>;

/// Writes that are one transaction.
struct group {
  enum class phase { to_write, writing, to_look, looking };

  indices members;
  phase now = phase::to_write;
  /// The connection was lost while they were under way.
  bool is_lost = false;
  unsigned refusals = 0;
};

} // namespace

struct append_planner::batch {
  explicit batch(std::vector<conversation_write> all) : writes{std::move(all)}, answers(writes.size()) {
    // Writes of one conversation follow each other in groups of their own.
    std::unordered_map<conversation_id, std::size_t> seen;
    for (std::size_t i = 0; i < writes.size(); ++i) {
      if (auto well = well_formed(writes[i]); !well) {
        answers[i] = fail(well.error());
        continue;
      }
      const auto round = seen[writes[i].conversation]++;
      if (round == groups.size()) groups.emplace_back();
      groups[round].members.push_back(i);
    }
  }

  void answer(const indices& who, const result<write_outcome>& what) {
    for (const auto i : who) answers[i] = what;
  }

  /// The group before all others has its answers.
  void close_group(const result<write_outcome>& what) {
    answer(groups.front().members, what);
    groups.pop_front();
  }

  /// One of them is at fault and nobody says which: each half is tried for itself.
  void split_group() {
    auto& whole = groups.front().members;
    const auto middle = whole.begin() + static_cast<std::ptrdiff_t>(whole.size() / 2);
    group left{.members = {whole.begin(), middle}};
    group right{.members = {middle, whole.end()}};
    groups.pop_front();
    groups.push_front(std::move(right));
    groups.push_front(std::move(left));
  }

  void judge(const std::vector<standing>& how) {
    auto& asked = groups.front();
    indices rest;
    for (std::size_t i = 0; i < how.size(); ++i) {
      const auto at = asked.members[i];
      auto verdict = asked.is_lost ? judge_lost(writes[at], how[i]) : judge_refused(writes[at], how[i]);
      if (verdict) {
        answers[at] = std::move(*verdict);
      } else if (asked.is_lost) {
        answers[at] = fail(errc::unavailable, "the connection was lost before the commit was confirmed");
      } else {
        rest.push_back(at);
      }
    }
    if (rest.empty()) {
      groups.pop_front();
    } else {
      asked.members = std::move(rest);
      asked.now = group::phase::to_write;
    }
  }

  std::vector<conversation_write> writes;
  std::vector<std::optional<result<write_outcome>>> answers;
  /// Without an answer; the first one is at work.
  std::deque<group> groups;
};

append_planner::append_planner(planner_limits limits) : limits_{limits}, heads_{limits.heads_max} {}
append_planner::~append_planner() = default;
append_planner::append_planner(append_planner&&) noexcept = default;
append_planner& append_planner::operator=(append_planner&&) noexcept = default;

void append_planner::put(std::vector<conversation_write> writes) {
  ensure(batches_.size() < limits_.depth, "as many batches are under way as there may be");
  for (const auto& write : writes)
    ensure(!conversations_.contains(write.conversation), "no conversation is in two batches under way");
  for (const auto& write : writes) conversations_.insert(write.conversation);
  batches_.push_back(std::make_unique<batch>(std::move(writes)));
}

bool append_planner::is_answered() const { return !batches_.empty() && batches_.front()->groups.empty(); }

std::vector<result<write_outcome>> append_planner::take() {
  ensure(is_answered(), "a batch is taken when it is answered");
  const auto done = std::move(batches_.front());
  batches_.pop_front();
  std::vector<result<write_outcome>> answers;
  answers.reserve(done->answers.size());
  for (auto& one : done->answers) answers.push_back(std::move(*one));
  for (const auto& write : done->writes) conversations_.erase(write.conversation);
  return answers;
}

std::optional<append_step> append_planner::next() {
  for (const auto& one : batches_) {
    if (one->groups.empty()) continue;
    auto& at_work = one->groups.front();
    using phase = group::phase;
    if (at_work.now == phase::writing || at_work.now == phase::looking) continue;
    const auto writes = at_work.now == phase::to_write;
    append_step step{.what = writes ? append_step::kind::write : append_step::kind::look};
    for (const auto i : at_work.members) {
      const auto& write = one->writes[i];
      step.writes.push_back(&write);
      const auto is_sure = write.entries.empty() || heads_.may_follow(write.conversation, write.entries.front().seq);
      if (!is_sure) step.unsure.push_back(&write);
    }
    at_work.now = writes ? phase::writing : phase::looking;
    sent_.push_back(one.get());
    return step;
  }
  return std::nullopt;
}

append_planner::batch& append_planner::take_sent() {
  ensure(!sent_.empty(), "an answer belongs to a step under way");
  auto& of = *sent_.front();
  sent_.pop_front();
  return of;
}

void append_planner::on_written() {
  auto& of = take_sent();
  ensure(of.groups.front().now == group::phase::writing, "what was written is a write");
  for (const auto i : of.groups.front().members)
    if (const auto& write = of.writes[i]; !write.entries.empty())
      heads_.note(write.conversation, write.entries.back().seq);
  of.close_group(committed{});
}

void append_planner::on_found(std::vector<standing> how) {
  auto& of = take_sent();
  ensure(of.groups.front().now == group::phase::looking, "what was found had been looked for");
  const auto& asked = of.groups.front().members;
  ensure(how.size() == asked.size(), "one standing for each write");
  for (std::size_t i = 0; i < how.size(); ++i) heads_.note(of.writes[asked[i]].conversation, how[i].head);
  of.judge(how);
}

void append_planner::on_refused(refusal why, const std::string& detail) {
  auto& of = take_sent();
  auto& refused = of.groups.front();
  using phase = group::phase;
  const auto was_writing = refused.now == phase::writing;
  const auto again = why == refusal::passing || (why == refusal::by_key && was_writing);
  if (again && ++refused.refusals <= limits_.refusals_max) {
    refused.now = why == refusal::by_key || !was_writing ? phase::to_look : phase::to_write;
  } else if (why == refusal::by_content && was_writing) {
    if (refused.members.size() > 1) {
      of.split_group();
    } else {
      of.close_group(fail(errc::internal, detail));
    }
  } else {
    of.close_group(fail(errc::unavailable, detail));
  }
}

void append_planner::on_connection_lost() {
  for (auto* of : std::exchange(sent_, {})) {
    auto& lost = of->groups.front();
    if (lost.now == group::phase::writing) lost.is_lost = true;
    lost.now = group::phase::to_look;
  }
}

void append_planner::on_unreachable(const std::string& detail) {
  sent_.clear();
  for (const auto& one : batches_)
    while (!one->groups.empty()) one->close_group(fail(errc::unavailable, detail));
}

} // namespace parley::persistence::postgres

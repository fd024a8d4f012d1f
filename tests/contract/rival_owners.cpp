#include "tests/contract/rival_owners.hpp"

#include <algorithm>
#include <atomic>
#include <deque>
#include <map>
#include <random>
#include <set>
#include <thread>
#include <unordered_set>

#include <fmt/format.h>

#include "tests/contract/sample.hpp"

namespace parley::tests {

namespace {

using std::chrono::steady_clock;
using batch = std::vector<conversation_write>;

client_id client_of(std::uint64_t number) {
  client_id made;
  for (std::size_t i = 0; i < 8; ++i) made.value.bytes[15 - i] = static_cast<std::uint8_t>(number >> (8 * i));
  return made;
}

struct promised_repetition {
  entry again;
  entry first;
};

/// One owner, on a thread of its own.
class owner {
public:
  owner(const rivalry& setting, std::size_t number, std::atomic<std::size_t>& appends)
      : setting_{setting}, number_{number}, appends_{appends}, dice_{number + 1}, lane_{setting.open_lane()} {}

  void run(steady_clock::time_point end) {
    while (steady_clock::now() < end && appends_ < setting_.appends_max) {
      while (under_way_.size() < lane_->depth()) put();
      take();
    }
    while (!under_way_.empty()) take();
  }

  rivalry_counts counts;
  std::vector<entry> promised;
  std::vector<promised_repetition> repetitions;
  /// Told that nothing of it was written.
  std::vector<entry> refused;
  std::vector<entry> unknown;

private:
  void put() {
    std::set<conversation_id> busy;
    for (const auto& one : under_way_)
      for (const auto& write : one) busy.insert(write.conversation);
    batch next;
    for (const auto& id : setting_.conversations) {
      if (busy.contains(id) || dice_() % 2 == 0) continue;
      conversation_write write{.conversation = id};
      for (auto left = 1 + dice_() % 3; left > 0; --left) write.entries.push_back(make_entry(id, write.entries.size()));
      next.push_back(std::move(write));
    }
    lane_->put(next);
    under_way_.push_back(std::move(next));
  }

  entry make_entry(const conversation_id& id, std::size_t index) {
    const auto made = ++made_[id];
    // Now and then what somebody has sent to this conversation before, by whichever owner it came.
    const auto is_again = dice_() % 16 == 0;
    const auto sender = is_again ? dice_() % setting_.owners : number_;
    const auto client = client_of(sender << 40 | (is_again ? 1 + dice_() % made : made));
    return message(id, heads_[id] + index + 1, {.text = fmt::format("{}-{}", number_, ++texts_), .client = client});
  }

  void take() {
    const auto outcomes = lane_->take();
    const auto sent = std::move(under_way_.front());
    under_way_.pop_front();
    if (outcomes.size() != sent.size()) return counts.violations.push_back("not one answer for each write");
    for (std::size_t i = 0; i < sent.size(); ++i) settle(sent[i], outcomes[i]);
  }

  void settle(const conversation_write& write, const result<write_outcome>& outcome) {
    const auto keep = [&](std::vector<entry>& in) { in.insert(in.end(), write.entries.begin(), write.entries.end()); };
    if (is<committed>(outcome)) {
      counts.appends += write.entries.size();
      appends_ += write.entries.size();
      keep(promised);
      heads_[write.conversation] = write.entries.back().seq;
      return;
    }
    if (!outcome && outcome.error().code == errc::unavailable) {
      ++counts.unavailable;
      keep(unknown);
    } else if (!outcome) {
      // One client id twice in a write.
      keep(refused);
    } else {
      keep(refused);
      if (const auto* repetition = std::get_if<repeated>(&*outcome)) {
        ++counts.repetitions;
        repetitions.push_back({write.entries.at(repetition->index), repetition->first});
      } else {
        ++counts.collisions;
      }
    }
    for (const auto& missed : setting_.read(write.conversation, heads_[write.conversation])) {
      if (missed.seq != heads_[write.conversation] + 1) counts.violations.push_back("a reader saw a hole");
      heads_[write.conversation] = missed.seq;
    }
  }

  const rivalry& setting_;
  std::uint64_t number_;
  std::atomic<std::size_t>& appends_;
  std::mt19937_64 dice_;
  std::unique_ptr<log_lane> lane_;
  std::map<conversation_id, seq_no> heads_;
  std::deque<batch> under_way_;
  /// Client ids used in each conversation.
  std::map<conversation_id, std::uint64_t> made_;
  std::uint64_t texts_ = 0;
};

/// Holds what the owners were told against what is there.
class inspection {
public:
  explicit inspection(const rivalry& of) {
    for (const auto& id : of.conversations) {
      auto& log = logs_[id];
      log = of.read(id, 0);
      std::set<client_id> clients;
      for (std::size_t i = 0; i < log.size(); ++i) {
        if (log[i].seq != i + 1) report("a log is not dense");
        if (!clients.insert(log[i].client.value()).second) report("a client id is there twice");
        if (!bodies_.insert(log[i].body).second) report("an entry is there twice");
      }
    }
  }

  void inspect(const owner& one) {
    for (const auto& entry : one.promised) {
      if (!has(entry)) report(fmt::format("promised, and not there: {}", entry.body));
      accounted_.insert(entry.body);
    }
    for (const auto& entry : one.unknown) accounted_.insert(entry.body);
    for (const auto& entry : one.refused)
      if (bodies_.contains(entry.body)) report(fmt::format("refused, and there: {}", entry.body));
    for (const auto& [again, first] : one.repetitions)
      if (!has(first) || again.client != first.client || again.author != first.author)
        report("repeated, and the first is another");
  }

  std::vector<std::string> close() && {
    for (const auto& body : bodies_)
      if (!accounted_.contains(body)) report(fmt::format("there, and nobody was told: {}", body));
    return std::move(found_);
  }

private:
  void report(std::string what) { found_.push_back(std::move(what)); }
  [[nodiscard]] bool has(const entry& one) const {
    const auto& log = logs_.at(one.conversation);
    return one.seq <= log.size() && log[one.seq - 1] == one;
  }

  std::map<conversation_id, std::vector<entry>> logs_;
  std::unordered_set<std::string> bodies_;
  std::unordered_set<std::string> accounted_;
  std::vector<std::string> found_;
};

} // namespace

rivalry_counts run_rivalry(const rivalry& setting) {
  const auto end = steady_clock::now() + setting.duration;
  std::atomic<std::size_t> appends{0};
  std::deque<owner> owners;
  for (std::size_t i = 0; i < setting.owners; ++i) owners.emplace_back(setting, i, appends);
  {
    std::vector<std::jthread> threads;
    for (auto& one : owners) threads.emplace_back([&one, end] { one.run(end); });
    while (setting.disturb && steady_clock::now() < end && appends < setting.appends_max) setting.disturb();
  }

  inspection check{setting};
  rivalry_counts sum;
  for (const auto& one : owners) {
    check.inspect(one);
    sum.appends += one.counts.appends;
    sum.collisions += one.counts.collisions;
    sum.repetitions += one.counts.repetitions;
    sum.unavailable += one.counts.unavailable;
    sum.violations.insert(sum.violations.end(), one.counts.violations.begin(), one.counts.violations.end());
  }
  auto found = std::move(check).close();
  sum.violations.insert(sum.violations.end(), found.begin(), found.end());
  return sum;
}

} // namespace parley::tests

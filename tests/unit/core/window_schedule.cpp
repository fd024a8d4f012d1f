#include "tests/unit/core/window_schedule.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <optional>
#include <random>
#include <vector>

#include <fmt/format.h>
#include <parley/session_window.hpp>

#include "tests/unit/core/model_device.hpp"
#include "tests/unit/core/model_log.hpp"
#include "tests/unit/core/sample.hpp"

namespace parley::tests {

namespace {

constexpr std::size_t own_max = 60;
/// Conversations in pull mode have numbers from here on.
constexpr std::size_t pull_first = 100;

conversation_id id_of(std::size_t c) { return conversation_number(static_cast<std::uint8_t>(c)); }

std::size_t index_of(const conversation_id& id) { return id.value.bytes.back(); }

/// The queue between a window and its device.
class transport final : public session_output {
public:
  transport(const model_logs& logs, planted_bug bug) : logs_{logs}, bug_{bug} {}

  std::size_t frames_max = 1000;
  std::deque<sent_frame> waiting;
  bool is_resuming = false;
  std::vector<std::pair<std::size_t, seq_no>> needs;

  bool full() const override { return waiting.size() >= frames_max; }

  void put(std::string frame) override {
    const auto swallows = [&](planted_bug bug, std::string_view type) {
      return bug_ == bug && frame.find(type) != std::string::npos;
    };
    if (swallows(planted_bug::swallowed_ack, R"("ack")") || swallows(planted_bug::swallowed_hint, R"("hint")"))
      bug_ = planted_bug::none;
    else
      waiting.push_back({std::move(frame)});
  }

  void put(std::shared_ptr<const std::string> open_frame, std::uint64_t s) override {
    const auto is_entry = open_frame->starts_with("c=");
    if (is_entry && (bug_ == planted_bug::swallowed_push ||
                     (bug_ == planted_bug::swallowed_in_resume && is_resuming && s - hidden_ > 1))) {
      bug_ = planted_bug::none;
      hidden_ = 1;
      return;
    }
    sent_frame frame{*open_frame, s - hidden_};
    if (is_entry)
      frame.pushed_before = logs_.at(number_behind(frame.text, "c=")).at(number_behind(frame.text, "seq=")).pushed;
    waiting.push_back(std::move(frame));
  }

  void need(const conversation_id& conversation, seq_no after) override {
    if (std::exchange(bug_, bug_ == planted_bug::unanswered_need ? planted_bug::none : bug_) !=
        planted_bug::unanswered_need)
      needs.emplace_back(index_of(conversation), after);
  }

  /// Whatever was under way is lost.
  void cut() { waiting.clear(); }
  /// Another session begins.
  void begin_again() {
    cut();
    needs.clear();
    hidden_ = 0;
  }

private:
  const model_logs& logs_;
  planted_bug bug_;
  std::uint64_t hidden_ = 0;
};

/// Entries read from the log and not handed over yet.
struct page {
  std::size_t c = 0;
  seq_no first = 1;
  seq_no last = 0;
  seq_no head = 0;
  seq_no cursor = 0;
};

class schedule {
public:
  schedule(std::uint64_t seed, planted_bug bug) : random_{seed}, queue_{logs_, bug} {
    logs_.resize(draw(1, 3));
    for (std::size_t c = 0; c < logs_.size(); ++c) {
      logs_[c].lines.resize(draw(1, 8));
      device_.start_at(c, cursors_.emplace_back(draw(0, logs_[c].head())));
    }
    replay_max_ = draw(0, 5);
    if (one_in(2)) queue_.frames_max = draw(1, 12);
    drops_ = one_in(2) ? 0 : draw(1, 30);
    repeats_ = one_in(2) ? 0 : draw(1, 30);
    in_order_ = one_in(2);
    cuts_ = one_in(2) ? 0 : draw(1, 10);
    if (one_in(2)) kept_.pushes_max = draw(1, 30);
    if (one_in(4)) kept_.bytes_max = draw(20, 600);
    pulls_.resize(draw(0, 2));
    begin_session();
  }

  schedule_report run() {
    for (auto steps = draw(20, 200); steps > 0; --steps) step();
    come_to_rest();
    device_.check_complete();
    for (std::size_t i = 0; i < pulls_.size(); ++i)
      if (pulls_[i].head > 0) device_.check_hinted(pull_first + i, pulls_[i].head);
    report_.violation = device_.violation();
    report_.lags = device_.lags();
    report_.gaps = device_.gaps();
    for (const auto& log : logs_) report_.entries += log.head();
    return report_;
  }

private:
  std::size_t draw(std::size_t least, std::size_t most) { return least + random_() % (most - least + 1); }
  bool one_in(std::size_t n) { return draw(1, n) == 1; }
  bool percent(std::size_t chance) { return draw(1, 100) <= chance; }

  void step() {
    if (is_cut_ ? one_in(10) : percent(cuts_)) return is_cut_ ? come_back() : cut();
    switch (draw(0, 15)) {
    case 0: return grow(draw(0, logs_.size() - 1), false);
    case 1: return grow(draw(0, logs_.size() - 1), one_in(2));
    case 2:
      if (one_in(30))
        begin_conversation();
      else if (one_in(40))
        burst();
      return;
    case 3:
    case 4:
    case 5: return deliver_push();
    case 6: return deliver_answer();
    case 7: return read_log();
    case 8: return deliver_fill();
    case 9: return deliver_history();
    case 10: return replay();
    case 11: return window_->event(receipt_);
    case 12: return grow_pull();
    case 13: return deliver_hint();
    default: return drain(draw(1, 6));
    }
  }

  // The world. ------------------------------------------------------------------------------------------------------

  void begin_conversation() {
    if (logs_.size() >= 8) return;
    logs_.emplace_back();
    grow(logs_.size() - 1, false);
  }

  void burst() {
    const auto c = draw(0, logs_.size() - 1);
    for (auto count = draw(40, 100); count > 0; --count) grow(c, false);
  }

  /// Commits an entry: its push and the answer to its request are under way from now on.
  void grow(std::size_t c, bool own) {
    if (own && report_.own >= own_max) own = false;
    auto& log = logs_[c];
    const auto echo = one_in(2);
    // Nothing is asked before the answers of the old transport have come: what is written now was asked there.
    const auto is_unheard = own && (is_cut_ || unheard_ > 0);
    if (is_unheard) ++unheard_;
    log.lines.push_back({.own = own, .echo = echo, .cut = is_unheard});
    acknowledgement ack{.ref = "r", .conversation = id_of(c), .seq = log.head()};
    pushes_.push_back(entry_of(c, log.head(), own ? std::optional{entry_origin{session(), ack, echo}} : std::nullopt));
    if (own) {
      answers_.push_back(std::move(ack));
      ++report_.own;
    }
  }

  live_entry_ptr entry_of(std::size_t c, seq_no seq, std::optional<entry_origin> origin, bool live = true) {
    auto item = std::make_shared<live_entry>();
    item->conversation = id_of(c);
    item->seq = seq;
    item->author = logs_[c].at(seq).own ? ann : bob;
    item->frame = fmt::format("c={} seq={} {}", c, seq, live ? "live" : "logged");
    item->origin = std::move(origin);
    return item;
  }

  std::vector<live_entry_ptr> entries_of(const page& read) {
    std::vector<live_entry_ptr> items;
    for (auto seq = read.first; seq <= read.last; ++seq) items.push_back(entry_of(read.c, seq, std::nullopt, false));
    return items;
  }

  /// A session hands over what it has read only after the acknowledgements of its own entries in it.
  bool may_be_handed_over(const page& read) const {
    for (auto seq = read.first; seq <= read.last; ++seq)
      if (const auto& line = logs_[read.c].at(seq); line.own && !line.answered) return false;
    return true;
  }

  // What reaches the window. ----------------------------------------------------------------------------------------

  void deliver_push() {
    if (pushes_.empty()) return;
    auto place = in_order_ ? 0 : draw(0, std::min<std::size_t>(pushes_.size() - 1, 5));
    // Nothing tells a session of a conversation that is new to it but the push of its first entry.
    const auto c = index_of(pushes_[place]->conversation);
    const auto is_new = c >= cursors_.size() && !logs_[c].at(1).pushed;
    if (is_new)
      place = static_cast<std::size_t>(
          std::ranges::find_if(pushes_,
                               [&](const auto& one) { return one->seq == 1 && index_of(one->conversation) == c; }) -
          pushes_.begin());
    const auto item = pushes_[place];
    if (percent(repeats_))
      ++report_.repeated;
    else
      pushes_.erase(pushes_.begin() + static_cast<std::ptrdiff_t>(place));
    if (!is_new && !resting_ && percent(drops_)) {
      ++report_.dropped;
      std::erase(pushes_, item);
      return;
    }
    logs_[c].at(item->seq).pushed = true;
    window_->push(item);
    look();
  }

  void deliver_answer() {
    if (answers_.empty()) return;
    const auto place = answers_.begin() + static_cast<std::ptrdiff_t>(draw(0, answers_.size() - 1));
    const auto ack = *place;
    answers_.erase(place);
    logs_[index_of(ack.conversation)].at(ack.seq).answered = true;
    window_->acknowledge(ack);
    if (unheard_ > 0 && --unheard_ == 0 && !is_cut_) window_->expect_answers(true);
    look();
  }

  void replay() {
    if (synced_) return;
    if (!replay_read_) {
      replay_read_ = true;
      for (std::size_t c = cursors_.size(); c < logs_.size(); ++c) cursors_.push_back(0);
      for (std::size_t c = 0; c < logs_.size(); ++c) {
        page all{
            .c = c, .first = cursors_[c] + 1, .last = logs_[c].head(), .head = logs_[c].head(), .cursor = cursors_[c]};
        if (all.last - all.cursor > replay_max_) all.first = all.last - replay_max_ + 1;
        replays_.push_back(all);
      }
    } else if (replays_.empty()) {
      synced_ = true;
      window_->end_replay(encode_synced(0, {}));
    } else if (may_be_handed_over(replays_.front())) {
      const auto next = replays_.front();
      replays_.pop_front();
      window_->replay(id_of(next.c), next.cursor, entries_of(next), next.head);
    }
  }

  /// The log is asked; the answer is handed over later.
  void read_log() {
    for (const auto& [c, after] : std::exchange(queue_.needs, {})) {
      ++report_.needs;
      fills_.push_back({.c = c, .first = after + 1, .last = std::min<seq_no>(logs_[c].head(), after + draw(1, 6))});
    }
    if (unheard_ > 0) return;
    for (const auto& [c, after] : device_.take_requests()) {
      const auto head = logs_[c].head();
      pages_.push_back({.c = c, .first = after + 1, .last = std::min<seq_no>(head, after + draw(1, 6)), .head = head});
    }
  }

  void deliver_fill() {
    if (fills_.empty()) return;
    const auto place = fills_.begin() + static_cast<std::ptrdiff_t>(draw(0, fills_.size() - 1));
    if (!may_be_handed_over(*place)) return;
    const auto next = *place;
    fills_.erase(place);
    window_->fill(id_of(next.c), entries_of(next));
    look();
  }

  void deliver_history() {
    if (pages_.empty()) return;
    const auto next = pages_.front();
    pages_.pop_front();
    window_->reply(fmt::format("history c={} first={} last={} head={}", next.c, next.first, next.last, next.head));
    if (next.last == next.head) window_->shown(id_of(next.c), next.head);
  }

  void drain(std::size_t frames) {
    for (; frames > 0 && !queue_.waiting.empty(); --frames) {
      device_.receive(queue_.waiting.front());
      queue_.waiting.pop_front();
    }
    if (!queue_.full()) window_->drained();
  }

  // Conversations in pull mode. -------------------------------------------------------------------------------------

  struct pulled {
    seq_no head = 0;
    std::vector<seq_no> under_way;
  };

  void grow_pull() {
    if (pulls_.empty()) return;
    auto& where = pulls_[draw(0, pulls_.size() - 1)];
    where.under_way.push_back(++where.head);
  }

  void deliver_hint() {
    for (std::size_t i = 0; i < pulls_.size(); ++i) {
      auto& under_way = pulls_[i].under_way;
      if (under_way.empty()) continue;
      const auto place = under_way.begin() + static_cast<std::ptrdiff_t>(draw(0, under_way.size() - 1));
      window_->hint(id_of(pull_first + i), *place);
      under_way.erase(place);
      ++report_.hints;
    }
  }

  // Transports. -----------------------------------------------------------------------------------------------------

  session_id session() const { return session_number(sessions_); }

  void begin_session() {
    ++sessions_;
    window_.emplace(session(), ann, queue_, kept_);
    for (std::size_t i = 0; i < pulls_.size(); ++i)
      if (pulls_[i].head > 0) window_->hint(id_of(pull_first + i), pulls_[i].head);
  }

  /// The transport breaks off: some of what was under way arrives, the rest never does.
  void cut() {
    // Too early there is nothing to come back to.
    if (!synced_ && !one_in(10)) return;
    ++report_.cuts;
    drain(draw(0, 6));
    queue_.cut();
    device_.cut();
    pages_.clear();
    unheard_ += answers_.size() - unheard_;
    for (auto& log : logs_)
      for (auto& line : log.lines) line.cut = line.cut || line.own;
    is_cut_ = true;
    window_->detach();
    look();
  }

  /// A session that nobody can come back to ends.
  void look() {
    if (is_cut_ && !window_->may_resume()) begin_again();
  }

  void come_back() {
    if (!is_cut_) return;
    // One that claims to have more than there is begins anew, as one that lacks too much.
    const auto s = device_.last_s() + (one_in(20) ? 1'000 : 0);
    if (!window_->can_resume(s)) return begin_again();
    ++report_.resumed;
    is_cut_ = false;
    device_.resume();
    queue_.is_resuming = true;
    window_->resume(s);
    queue_.is_resuming = false;
    window_->expect_answers(unheard_ == 0);
  }

  void begin_again() {
    ++report_.begun_again;
    is_cut_ = false;
    unheard_ = 0;
    queue_.begin_again();
    device_.begin_again();
    answers_.clear();
    fills_.clear();
    replays_.clear();
    for (auto& log : logs_)
      for (auto& line : log.lines) line.answered = true;
    cursors_.clear();
    for (std::size_t c = 0; c < logs_.size(); ++c) cursors_.push_back(device_.position(c));
    replay_read_ = synced_ = false;
    begin_session();
  }

  // The end. --------------------------------------------------------------------------------------------------------

  /// One more entry everywhere tells what was lost before it; then everything under way arrives.
  void come_to_rest() {
    come_back();
    for (std::size_t c = 0; c < logs_.size(); ++c) grow(c, false);
    resting_ = true;
    repeats_ = 0;
    while (device_.violation().empty() && !is_at_rest()) {
      deliver_push();
      deliver_answer();
      replay();
      read_log();
      deliver_fill();
      deliver_history();
      deliver_hint();
      drain(3);
    }
  }

  bool is_at_rest() {
    if (!pushes_.empty() || !answers_.empty() || !synced_ || !queue_.needs.empty() || !fills_.empty() ||
        !pages_.empty() || std::ranges::any_of(pulls_, [](const pulled& one) { return !one.under_way.empty(); }))
      return false;
    if (queue_.waiting.empty()) {
      // What the window says when it learns that there is room.
      window_->drained();
      read_log();
    }
    return queue_.waiting.empty() && fills_.empty() && pages_.empty();
  }

  std::mt19937_64 random_;
  model_logs logs_;
  model_device device_{logs_};
  transport queue_;
  resume_limits kept_;
  std::optional<session_window> window_;
  std::size_t sessions_ = 0;
  const std::shared_ptr<const std::string> receipt_ = std::make_shared<const std::string>("receipt");

  /// Where the device stands in the conversations that are replayed.
  std::vector<seq_no> cursors_;
  std::size_t replay_max_ = 0;
  /// In percent.
  std::size_t drops_ = 0, repeats_ = 0, cuts_ = 0;
  bool in_order_ = true;
  bool replay_read_ = false, synced_ = false, resting_ = false;

  bool is_cut_ = false;
  /// Answers under way to requests of an earlier transport.
  std::size_t unheard_ = 0;

  std::vector<pulled> pulls_;
  std::vector<live_entry_ptr> pushes_;
  std::vector<acknowledgement> answers_;
  std::deque<page> replays_, pages_;
  std::vector<page> fills_;
  schedule_report report_;
};

} // namespace

planted_bug planted_bug_of(std::string_view name) {
  using enum planted_bug;
  constexpr std::array names{std::pair{"unanswered_need", unanswered_need}, std::pair{"swallowed_push", swallowed_push},
                             std::pair{"swallowed_ack", swallowed_ack},
                             std::pair{"swallowed_in_resume", swallowed_in_resume},
                             std::pair{"swallowed_hint", swallowed_hint}};
  for (const auto& [each, bug] : names)
    if (name == each) return bug;
  return none;
}

schedule_report run_schedule(std::uint64_t seed, planted_bug bug) { return schedule{seed, bug}.run(); }

} // namespace parley::tests

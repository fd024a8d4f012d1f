#include "tests/unit/persistence/append_schedule.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "persistence/well_formed.hpp"
#include "tests/contract/sample.hpp"

namespace parley::tests {

using namespace persistence::postgres;

namespace {

constexpr std::uint8_t conversations = 6;
constexpr std::uint8_t clients = 24;
constexpr int turns = 250;

} // namespace

// The database. -----------------------------------------------------------------------------------------------------

const entry* simulated_log::find(const entry& like) const {
  const auto log = logs_.find(like.conversation);
  if (!like.client || log == logs_.end()) return nullptr;
  for (const auto& [seq, one] : log->second)
    if (one.client == like.client && one.author == like.author) return &one;
  return nullptr;
}

seq_no simulated_log::head(const conversation_id& of) const {
  const auto log = logs_.find(of);
  return log == logs_.end() || log->second.empty() ? 0 : log->second.rbegin()->first;
}

std::optional<refusal> simulated_log::write(const std::vector<conversation_write>& all,
                                            const std::set<conversation_id>& unsure) {
  for (const auto& write : all) {
    if (write.entries.empty()) continue;
    const auto& log = logs_[write.conversation];
    const auto first = write.entries.front().seq;
    const auto is_looked_for = unsure.contains(write.conversation) && bug_ != planted_bug::holes_are_overlooked;
    if (is_looked_for && first > 1 && !log.contains(first - 1)) return refusal::by_key;
    for (const auto& one : write.entries) {
      if (one.body == poison) return refusal::by_content;
      if (log.contains(one.seq)) return refusal::by_key;
      if (find(one) && bug_ != planted_bug::no_client_key) return refusal::by_key;
    }
  }
  for (const auto& write : all)
    for (const auto& one : write.entries) logs_[write.conversation].emplace(one.seq, one);
  return std::nullopt;
}

standing simulated_log::look(const conversation_write& about) const {
  standing now{.head = head(about.conversation)};
  const auto log = logs_.find(about.conversation);
  if (log == logs_.end()) return now;
  std::set<seq_no> seqs;
  for (const auto& one : about.entries) {
    seqs.insert(one.seq);
    if (const auto* first = find(one)) seqs.insert(first->seq);
  }
  for (const auto seq : seqs)
    if (const auto at = log->second.find(seq); at != log->second.end()) now.found.push_back(at->second);
  if (bug_ == planted_bug::head_is_low && now.head > 0) --now.head;
  return now;
}

// The run. ----------------------------------------------------------------------------------------------------------

append_schedule::append_schedule(std::uint64_t seed, planted_bug bug) : dice_{seed}, bug_{bug}, log_{bug} {}

std::optional<std::string> append_schedule::run() {
  for (int i = 0; i < turns && !violation_; ++i) turn();
  // Everything under way comes to its end.
  for (int i = 0; i < 10'000 && !violation_ && (planner_.size() > 0 || !orphans_.empty()); ++i) {
    send();
    answer();
    end_orphan();
    take();
  }
  if (!violation_ && planner_.size() > 0) violation_ = "a batch is never answered";
  return violation_ ? violation_ : final_violation();
}

void append_schedule::turn() {
  switch (roll(12)) {
  case 0:
  case 1: return put();
  case 2:
  case 3: return send();
  case 4:
    if (!sent_.empty()) serve(sent_.front());
    return;
  case 5:
  case 6: return answer();
  case 7: return take();
  case 8: return rival_writes();
  case 9: return end_orphan();
  case 10:
    if (roll(4) == 0) lose_connection();
    return;
  default: send(), answer(), take();
  }
}

conversation_write append_schedule::make_write(const conversation_id& to, seq_no first) {
  conversation_write made{.conversation = to};
  for (auto seq = first; seq < first + roll(4); ++seq) {
    auto one = message(to, seq, {.author = roll(2) == 0 ? ann : bob, .text = std::to_string(++bodies_)});
    if (roll(2) == 0) one.client = client_number(static_cast<std::uint8_t>(roll(clients)));
    if (roll(40) == 0) one.body = simulated_log::poison;
    made.entries.push_back(std::move(one));
  }
  if (roll(40) == 0 && !made.entries.empty()) made.entries.back().seq += 1 + roll(2);
  return made;
}

void append_schedule::put() {
  if (planner_.size() == planner_.limits().depth) return;
  std::set<conversation_id> busy;
  for (const auto& batch : put_)
    for (const auto& write : batch.writes) busy.insert(write.conversation);
  put_batch batch;
  for (std::uint8_t number = 0; number < conversations; ++number) {
    const auto id = conversation_number(number);
    if (busy.contains(id) || roll(2) == 0) continue;
    auto first = log_.head(id) + 1;
    // Mostly right; behind or ahead of the log now and then.
    if (roll(6) == 0) first = 1 + roll(first + 2);
    batch.writes.push_back(make_write(id, first));
    if (roll(6) == 0) batch.writes.push_back(make_write(id, first + batch.writes.back().entries.size()));
  }
  std::shuffle(batch.writes.begin(), batch.writes.end(), dice_);
  for (const auto& write : batch.writes) batch.heads.push_back(log_.head(write.conversation));
  planner_.put(batch.writes);
  put_.push_back(std::move(batch));
}

void append_schedule::send() {
  while (const auto step = planner_.next()) {
    sent_step copy{.what = step->what};
    for (const auto* write : step->writes) copy.writes.push_back(*write);
    for (const auto* write : step->unsure) copy.unsure.insert(write->conversation);
    sent_.push_back(std::move(copy));
  }
}

void append_schedule::serve(sent_step& one) {
  if (std::exchange(one.is_done, true)) return;
  const auto luck = roll(30);
  if (luck == 0) one.refused = refusal::passing;
  if (luck == 1) one.refused = refusal::unable;
  if (luck == 1) trouble();
  if (one.refused) return;
  if (one.what == append_step::kind::write) {
    one.refused = log_.write(one.writes, one.unsure);
  } else {
    for (const auto& write : one.writes) one.found.push_back(log_.look(write));
  }
}

void append_schedule::answer() {
  if (sent_.empty()) return;
  // In the order of a pipeline.
  serve(sent_.front());
  const auto done = std::move(sent_.front());
  sent_.pop_front();
  if (done.refused) {
    planner_.on_refused(*done.refused, "refused");
  } else if (done.what == append_step::kind::write) {
    planner_.on_written();
  } else {
    planner_.on_found(done.found);
  }
}

void append_schedule::lose_connection() {
  ++counts_.losses;
  trouble();
  // The server is at most some steps further than its client knows, and may notice the loss late.
  for (auto done = roll(3); done > 0; --done)
    if (done <= sent_.size()) serve(sent_[sent_.size() - done]);
  const auto steps = std::exchange(sent_, {});
  for (const auto& step : steps)
    if (!step.is_done && step.what == append_step::kind::write && roll(2) == 0) orphans_.push_back(step);
  for (const auto& step : steps) {
    const auto is_write = step.what == append_step::kind::write;
    if (bug_ == planted_bug::loss_is_forgotten) planner_.on_refused(refusal::passing, "lost");
    if (bug_ == planted_bug::loss_is_success)
      is_write ? planner_.on_written() : planner_.on_refused(refusal::passing, "lost");
  }
  if (planner_.steps_under_way() > 0) planner_.on_connection_lost();
  if (roll(4) == 0) planner_.on_unreachable("nobody is there");
}

void append_schedule::end_orphan() {
  if (orphans_.empty()) return;
  if (roll(3) > 0) serve(orphans_.front());
  orphans_.pop_front();
}

void append_schedule::rival_writes() {
  const auto id = conversation_number(static_cast<std::uint8_t>(roll(conversations)));
  auto write = make_write(id, log_.head(id) + 1);
  if (persistence::well_formed(write)) (void)log_.write({write}, {id});
}

void append_schedule::trouble() {
  for (auto& batch : put_) batch.is_troubled = true;
}

// What was promised. ------------------------------------------------------------------------------------------------

void append_schedule::take() {
  if (!planner_.is_answered()) return;
  auto answers = planner_.take();
  const auto batch = std::move(put_.front());
  put_.pop_front();
  if (bug_ == planted_bug::answers_are_turned) std::reverse(answers.begin(), answers.end());
  if (answers.size() != batch.writes.size()) violation_ = "not one answer for each write";
  for (std::size_t i = 0; i < answers.size() && !violation_; ++i) violation_ = judge(batch, i, answers[i]);
}

bool append_schedule::is_there(const entry& one) const {
  const auto log = log_.logs().find(one.conversation);
  if (log == log_.logs().end()) return false;
  const auto at = log->second.find(one.seq);
  return at != log->second.end() && at->second == one;
}

bool append_schedule::is_there(const conversation_write& write) const {
  return std::ranges::any_of(write.entries, [this](const entry& one) { return is_there(one); });
}

std::optional<std::string> append_schedule::judge(const put_batch& batch, std::size_t which,
                                                  const result<write_outcome>& answer) {
  const auto& write = batch.writes[which];
  if (!answer && answer.error().code == errc::unavailable) {
    ++counts_.unavailable;
    return batch.is_troubled ? std::nullopt : std::optional{std::string{"unavailable though nothing failed"}};
  }
  if (answer && std::holds_alternative<committed>(*answer)) {
    ++counts_.committed;
    return write.entries.empty() || is_there(write) ? std::nullopt
                                                    : std::optional{std::string{"committed, and it is not there"}};
  }
  refused_.push_back(write);
  if (!answer) {
    ++counts_.malformed;
    const auto is_poison =
        std::ranges::any_of(write.entries, [](const entry& one) { return one.body == simulated_log::poison; });
    return is_poison || !persistence::well_formed(write)
               ? std::nullopt
               : std::optional{std::string{"internal, and it is well-formed"}};
  }
  if (const auto* repetition = std::get_if<repeated>(&*answer)) {
    ++counts_.repetitions;
    if (repetition->index >= write.entries.size()) return "repeated, and there is no such entry";
    const auto& again = write.entries[repetition->index];
    const auto& first = repetition->first;
    if (!is_there(first) || first.client != again.client || first.author != again.author)
      return "repeated, and the first is another";
    return std::nullopt;
  }
  ++counts_.collisions;
  const auto wanted = write.entries.empty() ? 0 : write.entries.front().seq;
  const auto head_fits = batch.heads[which] + 1 == wanted && log_.head(write.conversation) + 1 == wanted;
  return head_fits ? std::optional{std::string{"a collision, and the seq is free"}} : std::nullopt;
}

std::optional<std::string> append_schedule::final_violation() const {
  for (const auto& write : refused_)
    if (is_there(write)) return "refused, and it is there";
  std::set<std::string> bodies;
  for (const auto& [id, log] : log_.logs()) {
    std::set<std::pair<user_id, client_id>> keys;
    for (const auto& [seq, one] : log) {
      if (one.client && !keys.emplace(one.author, *one.client).second) return "a client id is there twice";
      if (!bodies.insert(one.body).second) return "an entry is there twice";
    }
    if (!log.empty() && log.rbegin()->first != log.size()) return "the log is not dense";
  }
  return std::nullopt;
}

} // namespace parley::tests

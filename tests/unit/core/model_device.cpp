#include "tests/unit/core/model_device.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace parley::tests {

namespace {

/// The number of the conversation whose id begins at `at`: it is the last byte, written with two digits.
std::size_t conversation_at(std::string_view text, std::size_t at) {
  std::size_t number = 0;
  std::from_chars(text.data() + at + 34, text.data() + at + 36, number, 16);
  return number;
}

std::size_t conversation_in(std::string_view text) {
  constexpr std::string_view name = R"("conversation":")";
  return conversation_at(text, text.find(name) + name.size());
}

} // namespace

void model_device::start_at(std::size_t c, seq_no position) { place_of(c).position = position; }

void model_device::receive(const sent_frame& frame) {
  const std::string_view text = frame.text;
  if (frame.s != 0 && frame.s != ++last_s_) object(fmt::format("s {} where {} was due", frame.s, last_s_));
  if (text.starts_with("c=")) return on_entry(number_behind(text, "c="), number_behind(text, "seq="), frame);
  if (text.starts_with("history")) return on_history(number_behind(text, "c="), text);
  if (text.find(R"("type":"ack")") != text.npos) return on_ack(conversation_in(text), number_behind(text, R"("seq":)"));
  if (text.find(R"("type":"lag")") != text.npos) return on_lag(text);
  if (text.find(R"("type":"synced")") != text.npos) {
    if (std::exchange(synced_, true)) object("synced twice");
  } else if (text.find(R"("type":"hint")") != text.npos) {
    auto& where = place_of(conversation_in(text));
    where.hinted = std::max(where.hinted, number_behind(text, R"("head":)"));
  } else if (text.find(R"("type":"gap")") != text.npos) {
    ++gaps_;
    auto& where = place_of(conversation_in(text));
    if (synced_) object("a gap behind synced");
    if (number_behind(text, R"("from":)") != where.position + 1) object(fmt::format("gap out of place: {}", text));
    where.position = number_behind(text, R"("to":)");
  }
}

void model_device::on_entry(std::size_t c, seq_no seq, const sent_frame& frame) {
  auto& where = place_of(c);
  const auto& line = logs_.at(c).at(seq);
  const auto may_be_doubled = [](const log_line& one) { return one.own && !one.echo && one.cut; };
  while (where.position + 1 < seq) {
    const auto next = where.position + 1;
    if (!where.acknowledged_only.contains(next)) {
      if (!may_be_doubled(logs_.at(c).at(next))) break;
      where.owed.insert(next);
    }
    where.position = next;
  }
  if (seq <= where.position && (where.owed.erase(seq) > 0 || may_be_doubled(line))) return;
  if (seq != where.position + 1)
    return object(fmt::format("conversation {}: entry {} was pushed where {} was due", c, seq, where.position + 1));
  where.position = seq;
  if (line.own && !line.cut && !where.acknowledged.contains(seq))
    object(fmt::format("conversation {}: own entry {} was pushed before its ack", c, seq));
  if (line.own && !line.echo && !line.cut && frame.pushed_before)
    object(fmt::format("conversation {}: own entry {} was pushed in spite of echo:false", c, seq));
}

void model_device::on_ack(std::size_t c, seq_no seq) {
  auto& where = place_of(c);
  const auto& line = logs_.at(c).at(seq);
  if (line.cut) object(fmt::format("conversation {}: the ack of entry {} came too late", c, seq));
  if (!line.own) object(fmt::format("conversation {}: entry {} of somebody else was acknowledged", c, seq));
  if (!where.acknowledged.insert(seq).second)
    object(fmt::format("conversation {}: entry {} was acknowledged twice", c, seq));
  if (!line.echo) where.acknowledged_only.insert(seq);
}

void model_device::on_history(std::size_t c, std::string_view text) {
  auto& where = place_of(c);
  const auto first = number_behind(text, "first=");
  const auto last = number_behind(text, "last=");
  if (first > where.position + 1) object(fmt::format("conversation {}: history left a hole before {}", c, first));
  where.position = std::max(where.position, last);
  if (last < number_behind(text, "head=")) requests_.emplace_back(c, where.position);
}

void model_device::on_lag(std::string_view text) {
  ++lags_;
  for (auto at = text.find('[') + 2; at + 36 < text.size(); at += 39) {
    const auto c = conversation_at(text, at);
    auto& where = place_of(c);
    skip_acknowledged(where);
    requests_.emplace_back(c, where.position);
  }
}

void model_device::begin_again() {
  last_s_ = 0;
  synced_ = false;
  for (std::size_t c = 0; c < places_.size(); ++c) {
    auto& where = places_[c];
    where.position = position(c);
    where.owed.clear();
  }
}

seq_no model_device::position(std::size_t c) {
  auto& where = place_of(c);
  skip_acknowledged(where);
  return where.owed.empty() ? where.position : std::min(where.position, *where.owed.begin() - 1);
}

void model_device::check_hinted(std::size_t c, seq_no head) {
  if (place_of(c).hinted != head)
    object(fmt::format("conversation {}: head {} was hinted, not {}", c, place_of(c).hinted, head));
}

void model_device::check_complete() {
  if (!synced_) object("it was never synced");
  for (std::size_t c = 0; c < logs_.size(); ++c) {
    auto& where = place_of(c);
    skip_acknowledged(where);
    if (where.position != logs_[c].head())
      object(fmt::format("conversation {}: the device has entries up to {}, the log {}", c, where.position,
                         logs_[c].head()));
    if (!where.owed.empty()) object(fmt::format("conversation {}: entry {} never came", c, *where.owed.begin()));
    for (seq_no seq = 1; seq <= logs_[c].head(); ++seq)
      if (logs_[c].at(seq).own && !logs_[c].at(seq).cut && !where.acknowledged.contains(seq))
        object(fmt::format("conversation {}: own entry {} was never acknowledged", c, seq));
  }
}

void model_device::skip_acknowledged(place& where) {
  while (where.acknowledged_only.contains(where.position + 1)) ++where.position;
}

model_device::place& model_device::place_of(std::size_t c) {
  if (c >= places_.size()) places_.resize(c + 1);
  return places_[c];
}

void model_device::object(std::string what) {
  if (violation_.empty()) violation_ = std::move(what);
}

} // namespace parley::tests

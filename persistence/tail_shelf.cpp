#include <algorithm>
#include <optional>

#include "persistence/tail_cache.hpp"

namespace parley::persistence {

namespace {

std::size_t size_of(const entry& one) { return sizeof(entry) + one.body.capacity() + one.author.value.capacity(); }

} // namespace

void erase_content(entry& of, seq_no message, seq_no deletion) {
  const auto is_edit = of.kind == entry_kind::edited && of.target == message && of.seq < deletion;
  if (of.seq != message && !is_edit) return;
  of.body = std::string{"{}"};
  if (!is_edit) of.countable = false;
}

tail_shelf::tail* tail_shelf::find(const conversation_id& conversation) {
  const auto found = tails_.find(conversation);
  if (found == tails_.end()) return nullptr;
  uses_.splice(uses_.end(), uses_, found->second.use);
  return &found->second;
}

seq_no tail_shelf::copy(const conversation_id& conversation, seq_no first, seq_no last, std::vector<entry>& found) {
  const auto* here = find(conversation);
  if (here == nullptr || first < here->first() || first > here->last()) return first - 1;
  last = std::min(last, here->last());
  const auto begin = here->entries.begin() + static_cast<std::ptrdiff_t>(first - here->first());
  found.insert(found.end(), begin, begin + static_cast<std::ptrdiff_t>(last - first + 1));
  return last;
}

std::optional<std::vector<entry>> tail_shelf::changes(const conversation_id& conversation, seq_no first, seq_no last,
                                                      seq_no head) {
  const auto* here = find(conversation);
  if (here == nullptr || first < here->first() || head > here->last()) return std::nullopt;
  std::vector<entry> found;
  // Whatever changes an entry comes after it.
  const auto begin = here->entries.begin() + static_cast<std::ptrdiff_t>(first - here->first());
  std::copy_if(begin, here->entries.end(), std::back_inserter(found), [&](const entry& one) {
    return one.target > 0 && one.target >= first && one.target <= last && one.seq <= head;
  });
  return found;
}

void tail_shelf::note_head(const conversation_id& conversation, seq_no head) {
  if (auto* here = find(conversation)) here->known_head = std::max(here->known_head, head);
}

std::optional<std::pair<seq_no, seq_no>> tail_shelf::gap(const conversation_id& conversation) {
  const auto* here = find(conversation);
  if (here == nullptr || here->known_head <= here->last()) return std::nullopt;
  return std::pair{here->last(), here->known_head};
}

void tail_shelf::learn(const conversation_id& conversation, const std::vector<entry>& entries) {
  if (entries.empty()) return;
  auto* here = find(conversation);
  if (here != nullptr && entries.back().seq <= here->last()) return;
  if (here != nullptr && entries.front().seq > here->last() + 1) {
    forget(conversation);
    here = nullptr;
  }
  if (here == nullptr) {
    here = &tails_[conversation];
    here->use = uses_.insert(uses_.end(), conversation);
  }
  for (const auto& one : entries)
    if (here->entries.empty() || one.seq == here->last() + 1) add(*here, one);
  for (const auto& one : entries)
    if (one.kind == entry_kind::deleted) erase(conversation, one.target, one.seq);
  while (here->entries.size() > options_.entries_max) drop_front(*here);
  make_room();
}

void tail_shelf::erase(const conversation_id& conversation, seq_no message, seq_no deletion) {
  auto* here = find(conversation);
  if (here == nullptr) return;
  for (auto& one : here->entries) {
    const auto before = size_of(one);
    erase_content(one, message, deletion);
    here->bytes -= before - size_of(one);
    bytes_ -= before - size_of(one);
  }
}

void tail_shelf::add(tail& to, const entry& one) {
  to.entries.push_back(one);
  to.bytes += size_of(to.entries.back());
  bytes_ += size_of(to.entries.back());
}

void tail_shelf::drop_front(tail& of) {
  of.bytes -= size_of(of.entries.front());
  bytes_ -= size_of(of.entries.front());
  of.entries.pop_front();
}

void tail_shelf::forget(const conversation_id& conversation) {
  const auto found = tails_.find(conversation);
  if (found == tails_.end()) return;
  bytes_ -= found->second.bytes;
  uses_.erase(found->second.use);
  tails_.erase(found);
}

void tail_shelf::make_room() {
  while (bytes_ > options_.bytes_max && !uses_.empty()) forget(conversation_id{uses_.front()});
}

} // namespace parley::persistence

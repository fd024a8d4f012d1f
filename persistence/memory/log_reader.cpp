#include "persistence/memory/log_reader.hpp"

#include <algorithm>

#include "persistence/backlog_entries.hpp"
#include "persistence/body_text.hpp"
#include "persistence/search_words.hpp"
#include "persistence/spans.hpp"

namespace parley::persistence::memory {

namespace {

std::uint64_t unread_of(const conversation& there, const member& self) {
  const auto seen = std::max(self.read, self.joined > 0 ? self.joined - 1 : 0);
  return static_cast<std::uint64_t>(std::ranges::count_if(
      there.log, [&](const entry& entry) { return entry.seq > seen && entry.countable && entry.author != self.user; }));
}

} // namespace

std::vector<entry> entries_of(const conversation& there, const log_range& range) {
  if (range.before <= range.after + 1) return {};
  const auto end = std::min<seq_no>(there.head(), range.before - 1);
  const auto begin = std::min<seq_no>(range.after, end);
  const auto count = std::min<seq_no>(end - begin, range.limit);
  const auto first = there.log.begin() + static_cast<std::ptrdiff_t>(range.newest ? end - count : begin);
  return {first, first + static_cast<std::ptrdiff_t>(count)};
}

std::vector<entry> changes_of(const conversation& there, seq_no first, seq_no last, seq_no head) {
  std::vector<entry> changes;
  std::ranges::copy_if(there.log, std::back_inserter(changes), [&](const entry& one) {
    return one.target > 0 && one.target >= first && one.target <= last && one.seq <= head;
  });
  return changes;
}

conversation_item item_of(const conversation& there, const member& self) {
  conversation_item item{.record = *there.record, .self = self};
  for (const auto& [user, member] : there.members) {
    if (member.active()) ++item.members;
    if (item.record.kind == conversation_kind::direct && user != self.user) item.peer = user;
  }
  item.head = there.head();
  item.unread = unread_of(there, self);
  item.last = there.log.back();
  return item;
}

result<backlog> backlog_in(const conversation& there, const member& self, seq_no cursor, std::size_t limit) {
  backlog owed{.conversation = there.record->id,
               .head = self.active() ? there.head() : self.left,
               .cursor = cursor,
               .mode = there.record->mode,
               .ended = !self.active(),
               .unread = self.active() ? unread_of(there, self) : 0};
  const log_reads log{
      .range = [&](const log_range& range) { return entries_of(there, range); },
      .changes = [&](seq_no first, seq_no last, seq_no head) { return changes_of(there, first, last, head); }};
  if (auto done = fill(owed, self, limit, log); !done) return fail(done.error());
  return owed;
}

std::vector<entry> messages_with(const std::vector<std::string>& terms, const conversation& there, const member& self) {
  const auto [first, last] = readable_span(self, there.record->history, there.head());
  std::map<seq_no, const entry*> latest;
  for (const auto& entry : there.log)
    if (entry.seq <= last &&
        (entry.kind == entry_kind::message || (entry.kind == entry_kind::edited && text_of(entry.body))))
      latest[entry.target > 0 ? entry.target : entry.seq] = &entry;

  std::vector<entry> found;
  for (const auto& [seq, newest] : latest) {
    if (seq < first || there.log[seq - 1].kind != entry_kind::message) continue;
    const auto text = text_of(newest->body);
    if (text && matches(search_form(*text), terms)) found.push_back(there.log[seq - 1]);
  }
  return found;
}

} // namespace parley::persistence::memory

#include "actors/session_reads.hpp"

#include <algorithm>
#include <map>

#include <parley/codec.hpp>
#include <parley/encoder.hpp>
#include <parley/entry_view.hpp>

#include "actors/history_page.hpp"

namespace parley::actors {

namespace {

tl::unexpected<error> no_such_conversation() { return fail(errc::not_found, "no such conversation", "conversation"); }

/// Entries read at once to close a hole.
constexpr std::size_t missing_page = 200;

} // namespace

result<history_answer> read_history(const stores& from, const user_id& reader, const std::string& ref,
                                    const history_request& request) {
  const auto found = from.log->find_access(request.conversation, reader);
  if (!found) return fail(found.error());
  if (!*found) return no_such_conversation();
  const auto& [self, policy, kind, log_head] = **found;

  const auto first = policy == history_policy::joined ? self.joined : 1;
  const auto last = self.active() ? log_head : self.left;
  const auto page = page_of(request, first, last);
  std::vector<entry> items;
  if (page.from <= page.to) {
    auto read = from.log->read(request.conversation,
                               {.after = page.from - 1, .before = page.to + 1, .limit = page.to - page.from + 1});
    if (!read) return fail(read.error());
    const auto changes = from.log->changes(request.conversation, page.from, page.to, last);
    if (!changes) return fail(changes.error());
    items = with_changes(std::move(*read), *changes);
  }
  return history_answer{encode_history(ref, request.conversation, items, last, page.more, reader), last,
                        page.reaches_head};
}

result<std::string> read_conversations(const stores& from, const user_id& reader, const std::string& ref,
                                       const conversations_request& request) {
  // One more than asked for tells whether there is a next page.
  auto items = from.log->list(reader, request.after, request.limit + 1);
  if (!items) return fail(items.error());
  std::string next;
  if (items->size() > request.limit) {
    items->resize(request.limit);
    const auto& last = items->back();
    next = encode_list_position({last.last ? last.last->at : last.record.created_at, last.record.id});
  }
  return encode_conversations(ref, *items, next, reader);
}

result<std::string> read_conversation(const stores& from, const user_id& reader, const std::string& ref,
                                      const conversation_id& conversation) {
  const auto item = from.log->item(reader, conversation);
  if (!item) return fail(item.error());
  if (!*item) return no_such_conversation();
  return encode_conversation(ref, **item, reader);
}

result<std::string> read_members(const stores& from, const user_id& reader, const std::string& ref,
                                 const members_request& request) {
  const auto found = from.log->find_access(request.conversation, reader);
  if (!found) return fail(found.error());
  if (!*found || !(*found)->self.active()) return no_such_conversation();
  auto members = from.log->members(request.conversation, request.after, request.limit + 1);
  if (!members) return fail(members.error());
  std::string next;
  if (members->size() > request.limit) {
    members->resize(request.limit);
    next = members->back().user.value;
  }
  return encode_members(ref, *members, next);
}

result<std::string> read_results(const stores& from, const user_id& reader, const std::string& ref,
                                 const search_query& query) {
  if (query.conversation) {
    const auto found = from.log->find_access(*query.conversation, reader);
    if (!found) return fail(found.error());
    if (!*found) return no_such_conversation();
  }
  auto items = from.log->search(reader, query);
  if (!items) return fail(items.error());
  std::map<conversation_id, access> known;
  for (auto& item : *items) {
    if (!known.contains(item.conversation)) {
      const auto found = from.log->find_access(item.conversation, reader);
      if (!found) return fail(found.error());
      if (!*found) continue;
      known.emplace(item.conversation, **found);
    }
    const auto& [self, policy, kind, head] = known.at(item.conversation);
    const auto changes = from.log->changes(item.conversation, item.seq, item.seq, self.active() ? head : self.left);
    if (!changes) return fail(changes.error());
    item = std::move(with_changes({std::move(item)}, *changes).front());
  }
  return encode_results(ref, *items, reader);
}

result<std::vector<entry>> read_missing(const stores& from, const user_id& reader, const conversation_id& conversation,
                                        seq_no after) {
  const auto found = from.log->find_access(conversation, reader);
  if (!found) return fail(found.error());
  if (!*found) return std::vector<entry>{};
  const auto& self = (*found)->self;
  const auto last = self.active() ? (*found)->head : self.left;
  // Who came back is not pushed what was said while it was away.
  const auto first = std::max(after + 1, self.joined);
  auto items = from.log->read(conversation, {.after = first - 1, .before = last + 1, .limit = missing_page});
  if (!items || items->empty()) return items;
  const auto changes = from.log->changes(conversation, items->front().seq, items->back().seq, last);
  if (!changes) return fail(changes.error());
  return with_changes(std::move(*items), *changes);
}

} // namespace parley::actors

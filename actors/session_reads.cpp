#include "actors/session_reads.hpp"

#include <algorithm>

#include <parley/codec.hpp>
#include <parley/encoder.hpp>

#include "actors/history_page.hpp"

namespace parley::actors {

namespace {

tl::unexpected<error> no_such_conversation() { return fail(errc::not_found, "no such conversation", "conversation"); }

} // namespace

result<history_answer> read_history(const stores& from, const user_id& reader, const std::string& ref,
                                    const history_request& request) {
  const auto found = from.log->find_access(request.conversation, reader);
  if (!found) return fail(found.error());
  if (!*found) return no_such_conversation();
  const auto& [self, policy, log_head] = **found;

  const auto first = policy == history_policy::joined ? self.joined : 1;
  const auto last = self.active() ? log_head : self.left;
  const auto page = page_of(request, first, last);
  std::vector<entry> items;
  if (page.from <= page.to) {
    auto read = from.log->read(request.conversation,
                               {.after = page.from - 1, .before = page.to + 1, .limit = page.to - page.from + 1});
    if (!read) return fail(read.error());
    items = std::move(*read);
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

} // namespace parley::actors

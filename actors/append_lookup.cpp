#include "actors/append_lookup.hpp"

#include <algorithm>

namespace parley::actors {

namespace {

result<std::optional<written>> find_written(const stores& from, const conversation_id& conversation,
                                            const append_request& request) {
  const auto first = from.log->find(conversation, request.author, *request.client);
  if (!first) return fail(first.error());
  if (!*first) return std::nullopt;
  return written{(*first)->seq, (*first)->at, (*first)->print};
}

result<target_facts> find_target(const stores& from, const conversation_id& conversation, seq_no target,
                                 const append_request& request) {
  const auto found = from.log->read(conversation, {.after = target - 1, .before = target + 1, .limit = 1});
  if (!found) return fail(found.error());
  if (found->empty()) return fail(errc::not_found, "there is no such entry", "target");
  const auto changes = from.log->changes(conversation, target, target, std::numeric_limits<std::int64_t>::max());
  if (!changes) return fail(changes.error());
  const auto* reaction = std::get_if<react_content>(&request.content);
  return facts_of(found->front(), *changes, request.author, reaction ? reaction->key : "");
}

} // namespace

result<looked_up> look_up(const stores& from, const conversation_id& conversation, const needs_lookup& question,
                          const append_request& request, const std::optional<user_id>& peer) {
  looked_up facts;
  if (question.client && request.client) {
    auto known = find_written(from, conversation, request);
    if (!known) return fail(known.error());
    facts.client = *known;
  }
  if (question.target > 0) {
    auto target = find_target(from, conversation, question.target, request);
    if (!target) return fail(target.error());
    facts.target = std::move(*target);
  }
  if (question.users) {
    auto missing = from.accounts->missing(request.must_exist);
    if (!missing) return fail(missing.error());
    facts.missing_users = std::move(*missing);
  }
  if (question.files) {
    auto missing = from.files->unreadable(request.author, std::get<message_content>(request.content).files);
    if (!missing) return fail(missing.error());
    facts.missing_files = std::move(*missing);
  }
  if (question.block) {
    const auto blocked = peer ? from.accounts->blocked_by(*peer) : std::vector<user_id>{};
    if (!blocked) return fail(blocked.error());
    facts.is_blocked = std::ranges::find(*blocked, request.author) != blocked->end();
  }
  return facts;
}

} // namespace parley::actors

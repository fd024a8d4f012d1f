#include <parley/append_decision.hpp>

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include <parley/encoder.hpp>
#include <parley/permissions.hpp>

namespace parley {

namespace {

append_decision answer_repetition(const written& first, const fingerprint& print) {
  if (first.print == print) return already_written{first};
  return error{errc::client_id_conflict, "this clientId was used for another request", "clientId", {}};
}

/// Why `author` may not post `content`; nothing: it may, as far as the state tells.
std::optional<error> refusal(const conversation_state& state, const append_request& request,
                             const message_content& content) {
  const auto* author = state.find_active(request.author);
  if (!author) return error{errc::not_found, "no such conversation", "conversation", {}};
  if (!may_post(author->role)) return error{errc::forbidden, "readers may not post", {}, {}};
  if (content.reply_to > state.head()) return error{errc::invalid_argument, "replyTo names no entry", "replyTo", {}};
  for (const auto& user : content.mentions)
    if (!state.find_active(user))
      return error{errc::invalid_argument, fmt::format("{} is not a member", user.value), "mentions", {}};
  return std::nullopt;
}

std::optional<error> refusal(const conversation_state& state, const append_request&, const create_request&) {
  if (state.head() > 0) return error{errc::conflict, "the conversation exists", "conversation", {}};
  return std::nullopt;
}

void write_into(entry& fresh, const append_request&, const message_content& content) {
  fresh.kind = entry_kind::message;
  fresh.body = content.body;
  fresh.countable = !content.silent;
}

void write_into(entry& fresh, const append_request& request, const create_request& create) {
  member_change change{.action = member_change::action_kind::create,
                       .users = {request.author},
                       .new_role = std::nullopt,
                       .title = create.title,
                       .history = create.history,
                       .mode = create.mode,
                       .data = create.data};
  std::set<user_id> seen{request.author};
  for (const auto& user : create.members)
    if (seen.insert(user).second) change.users.push_back(user);
  fresh.kind = entry_kind::member;
  fresh.body = encode_body(change);
}

} // namespace

append_decision decide(const conversation_state& state, const recent_clients& recent, const append_request& request,
                       const looked_up& facts, timestamp now, std::size_t members_max) {
  // A repetition is answered before anything else is asked: the author may have left the conversation since.
  auto known = request.client ? recent.find(request.author, *request.client) : std::nullopt;
  if (!known && facts.client) known = *facts.client;
  if (known) return answer_repetition(*known, request.print());

  auto why = request.over_rate;
  if (!why) why = std::visit([&](const auto& content) { return refusal(state, request, content); }, request.content);
  if (const auto* create = std::get_if<create_request>(&request.content); !why && create)
    if (create->members.size() + 1 > members_max)
      why = error{errc::too_many, fmt::format("a group has {} members at most", members_max), "members", {}};
  if (why) {
    // Memory may have forgotten the repetition; the log has not.
    if (request.client && !facts.client && state.head() > 0) return needs_lookup{.client = true};
    return *why;
  }

  if (state.head() == 0 && !request.must_exist.empty()) {
    if (!facts.missing_users) return needs_lookup{.users = true};
    if (!facts.missing_users->empty())
      return error{errc::not_found,
                   fmt::format("there is no user {}", facts.missing_users->front().value),
                   std::holds_alternative<create_request>(request.content) ? "members" : "to",
                   {}};
  }

  if (const auto* message = std::get_if<message_content>(&request.content); message && message->reply_to > 0) {
    if (!facts.reply_to_message) return needs_lookup{.client = request.client.has_value(), .reply_to = true};
    if (!*facts.reply_to_message)
      return error{errc::invalid_argument, "replyTo names an entry that is not a message", "replyTo", {}};
  }

  entry fresh;
  fresh.conversation = state.record().id;
  fresh.seq = state.head() + 1;
  fresh.author = request.author;
  fresh.client = request.client;
  fresh.at = std::max(now, state.newest_at());
  fresh.print = request.print();
  std::visit([&](const auto& content) { write_into(fresh, request, content); }, request.content);
  return fresh;
}

} // namespace parley

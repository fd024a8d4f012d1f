#include <parley/append_decision.hpp>

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include <parley/encoder.hpp>
#include <parley/permissions.hpp>

#include "core/src/membership_decision.hpp"

namespace parley {

namespace {

template <class... Ts> struct overloaded : Ts... { using Ts::operator()...; };

append_decision answer_repetition(const written& first, const fingerprint& print) {
  if (first.print == print) return already_written{first};
  return error{errc::client_id_conflict, "this clientId was used for another request", "clientId", {}};
}

/// The entry that the request is about, or 0.
seq_no target_of(const append_content& content) {
  return std::visit(overloaded{[](const message_content& c) { return c.reply_to; },
                               [](const edit_content& c) { return c.target; },
                               [](const delete_content& c) { return c.target; },
                               [](const react_content& c) { return c.target; }, [](const auto&) { return seq_no{0}; }},
                    content);
}

bool may_see(const conversation_state& state, const member& reader, seq_no seq) {
  if (seq > state.head()) return false;
  return state.record().history == history_policy::all || seq >= reader.joined;
}

error no_such_target() { return {errc::not_found, "there is no such entry", "target", {}}; }

// What the state alone can refuse. ------------------------------------------------------------------------------------

std::optional<error> refuse_poster(const conversation_state& state, const member& author, seq_no target) {
  if (!may_post(author.role)) return error{errc::forbidden, "readers may not write", {}, {}};
  if (target > 0 && !may_see(state, author, target)) return no_such_target();
  return std::nullopt;
}

std::optional<error> refuse(const conversation_state& state, const member& author, const message_content& content) {
  if (auto why = refuse_poster(state, author, 0)) return why;
  if (content.reply_to > 0 && !may_see(state, author, content.reply_to))
    return error{errc::invalid_argument, "replyTo names no entry", "replyTo", {}};
  for (const auto& user : content.mentions)
    if (!state.find_active(user))
      return error{errc::invalid_argument, fmt::format("{} is not a member", user.value), "mentions", {}};
  return std::nullopt;
}

/// Why `request` may not become an entry; nothing: it may, as far as the state tells.
std::optional<error> refusal(const conversation_state& state, const append_request& request,
                             const append_limits& limits) {
  if (const auto* create = std::get_if<create_request>(&request.content)) {
    if (state.head() > 0) return error{errc::conflict, "the conversation exists", "conversation", {}};
    if (create->members.size() + 1 > limits.members_max)
      return error{errc::too_many, fmt::format("a group has {} members at most", limits.members_max), "members", {}};
    return std::nullopt;
  }
  const auto* author = state.find_active(request.author);
  if (!author) return error{errc::not_found, "no such conversation", "conversation", {}};
  return std::visit(
      overloaded{[&](const message_content& c) { return refuse(state, *author, c); },
                 [&](const membership_content& c) { return refuse_membership(state, *author, c, limits); },
                 [&](const update_content& c) { return refuse_update(state, *author, c, limits); },
                 [&](const auto&) { return refuse_poster(state, *author, target_of(request.content)); }},
      request.content);
}

// What the stores have to say. ----------------------------------------------------------------------------------------

/// Whether the other user of a direct conversation could keep the author from this.
bool can_be_blocked(const conversation_state& state, const append_request& request) {
  if (state.record().kind != conversation_kind::direct) return false;
  return std::holds_alternative<message_content>(request.content) ||
         std::holds_alternative<edit_content>(request.content) ||
         std::holds_alternative<react_content>(request.content);
}

bool must_check_users(const conversation_state& state, const append_request& request) {
  return !request.must_exist.empty() &&
         (state.head() == 0 || std::holds_alternative<membership_content>(request.content));
}

/// What has to be looked up before the request can be decided on; nothing: all is known.
std::optional<needs_lookup> question(const conversation_state& state, const append_request& request,
                                     const looked_up& facts) {
  needs_lookup ask;
  ask.users = must_check_users(state, request) && !facts.missing_users;
  ask.block = can_be_blocked(state, request) && !facts.is_blocked;
  if (!facts.target) ask.target = target_of(request.content);
  if (const auto* message = std::get_if<message_content>(&request.content))
    ask.files = !message->files.empty() && !facts.missing_files;
  if (!ask.users && !ask.block && ask.target == 0 && !ask.files) return std::nullopt;
  // Memory may have forgotten that this is a repetition.
  ask.client = request.client && !facts.client && state.head() > 0;
  return ask;
}

std::string_view field_of_users(const append_content& content) {
  if (std::holds_alternative<create_request>(content)) return "members";
  return std::holds_alternative<message_content>(content) ? "to" : "users";
}

using verdict = std::optional<std::variant<unchanged, error>>;

verdict judge_target(const message_content& content, const target_facts& target, const append_request&, const member&) {
  if (content.reply_to > 0 && target.kind != entry_kind::message)
    return error{errc::invalid_argument, "replyTo names an entry that is not a message", "replyTo", {}};
  return std::nullopt;
}

verdict judge_target(const edit_content&, const target_facts& target, const append_request& request, const member&) {
  if (target.author != request.author) return error{errc::forbidden, "only its author may edit a message", {}, {}};
  if (target.deleted_by > 0) return error{errc::conflict, "the message was deleted", "target", {}};
  return std::nullopt;
}

verdict judge_target(const delete_content&, const target_facts& target, const append_request& request,
                     const member& author) {
  if (target.author != request.author && !may_manage(author.role))
    return error{errc::forbidden, "only its author, an admin or an owner may delete a message", {}, {}};
  if (target.deleted_by > 0) return unchanged{target.deleted_by};
  return std::nullopt;
}

verdict judge_target(const react_content& content, const target_facts& target, const append_request&, const member&) {
  if (target.deleted_by > 0) return error{errc::conflict, "the message was deleted", "target", {}};
  if (target.reacts == content.on) return unchanged{target.reacted_by > 0 ? target.reacted_by : content.target};
  return std::nullopt;
}

/// What the facts say against the request.
verdict judge(const conversation_state& state, const append_request& request, const looked_up& facts) {
  if (must_check_users(state, request) && !facts.missing_users->empty())
    return error{errc::not_found,
                 fmt::format("there is no user {}", facts.missing_users->front().value),
                 std::string{field_of_users(request.content)},
                 {}};
  if (can_be_blocked(state, request) && *facts.is_blocked)
    return error{errc::blocked, "this user does not take messages from you", {}, {}};
  if (facts.missing_files && !facts.missing_files->empty())
    return error{errc::not_found,
                 fmt::format("there is no file {}", to_string(facts.missing_files->front())),
                 "attachments",
                 {}};
  if (target_of(request.content) == 0) return std::nullopt;
  if (facts.target->kind != entry_kind::message && !std::holds_alternative<message_content>(request.content))
    return error{errc::invalid_argument, "target names an entry that is not a message", "target", {}};
  const auto& author = *state.find_active(request.author);
  return std::visit(overloaded{[&](const auto& content) -> verdict
                                 requires requires { judge_target(content, *facts.target, request, author);
}
{ return judge_target(content, *facts.target, request, author); }
, [](const create_request&) -> verdict { return std::nullopt; },
    [](const membership_content&) -> verdict { return std::nullopt; },
    [](const update_content&) -> verdict { return std::nullopt; }
} // namespace
,
                    request.content);
} // namespace parley

// The entry. ----------------------------------------------------------------------------------------------------------

void write_create(entry& fresh, const append_request& request, const create_request& create) {
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

void write_into(entry& fresh, const append_request& request) {
  std::visit(overloaded{[&](const message_content& c) {
                          fresh.kind = entry_kind::message;
                          fresh.body = c.body;
                          fresh.countable = !c.silent;
                        },
                        [&](const create_request& c) { write_create(fresh, request, c); },
                        [&](const edit_content& c) {
                          fresh.kind = entry_kind::edited;
                          fresh.target = c.target;
                          fresh.body = c.body;
                        },
                        [&](const delete_content& c) {
                          fresh.kind = entry_kind::deleted;
                          fresh.target = c.target;
                          fresh.body = "{}";
                        },
                        [&](const react_content& c) {
                          fresh.kind = entry_kind::reaction;
                          fresh.target = c.target;
                          fresh.body = encode_body(c);
                        },
                        [&](const auto&) {}},
             request.content);
}

} // namespace

append_decision decide(const conversation_state& state, const recent_clients& recent, const append_request& request,
                       const looked_up& facts, timestamp now, const append_limits& limits) {
  // A repetition is answered before anything else is asked: the author may have left the conversation since.
  auto known = request.client ? recent.find(request.author, *request.client) : std::nullopt;
  if (!known && facts.client) known = *facts.client;
  if (known) return answer_repetition(*known, request.print);

  auto why = request.over_rate;
  if (!why) why = refusal(state, request, limits);
  if (why) {
    // Memory may have forgotten the repetition; the log has not.
    if (request.client && !facts.client && state.head() > 0) return needs_lookup{.client = true};
    return *why;
  }
  if (auto ask = question(state, request, facts)) return *ask;
  if (auto said = judge(state, request, facts))
    return std::visit([](auto& one) -> append_decision { return std::move(one); }, *said);

  entry fresh;
  fresh.conversation = state.record().id;
  fresh.seq = state.head() + 1;
  fresh.author = request.author;
  fresh.client = request.client;
  fresh.at = std::max(now, state.newest_at());
  fresh.print = request.print;
  if (const auto* wish = std::get_if<membership_content>(&request.content)) {
    if (auto nothing = write_membership(fresh, state, *wish)) return *nothing;
  } else if (const auto* update = std::get_if<update_content>(&request.content)) {
    if (auto nothing = write_update(fresh, state, *update)) return *nothing;
  } else {
    write_into(fresh, request);
  }
  return fresh;
}

} // namespace parley

#include <parley/codec.hpp>

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include <parley/fingerprint.hpp>
#include <parley/json_text.hpp>

#include "core/src/field_reader.hpp"

namespace parley {

namespace {

constexpr std::size_t ref_characters_max = 64;
constexpr std::size_t search_text_bytes_max = 1'024;
constexpr std::size_t focus_max = 8;
constexpr std::size_t presence_users_max = 500;

std::optional<client_ref> read_client(field_reader& fields) {
  const auto written = fields.text("clientId");
  if (!written) return std::nullopt;
  const auto id = fields.taken(parse_client_id(*written));
  if (!id) return std::nullopt;
  return client_ref{*id, std::string{*written}};
}

/// The application's own object, or empty; bounded as it was sent.
const json::object* read_data(field_reader& fields, std::string_view whole, const content_limits& limits) {
  const auto* data = fields.object("data");
  if (data && whole.size() > limits.data_bytes && length_as_sent(whole, "data") > limits.data_bytes)
    fields.refuse("data", fmt::format("may have {} bytes at most", limits.data_bytes), errc::too_large);
  return data;
}

/// The body of an entry, and beside it the text that is the same for equal JSON values.
class body_writer {
public:
  void add(std::string_view name, std::string_view value) { add(name, value, value); }
  void add(std::string_view name, std::string_view value, std::string_view canonical_value) {
    append(body_, name, value);
    append(same_, name, canonical_value);
  }
  void add_json(std::string_view name, const json::value& value) {
    add(name, json::serialize(value), canonical(value));
  }

  [[nodiscard]] std::string body() const { return body_ + '}'; }
  [[nodiscard]] fingerprint print(std::string_view about = {}) const {
    return fingerprint_of(fmt::format("{}{}}}", about, same_));
  }

private:
  static void append(std::string& to, std::string_view name, std::string_view value) {
    if (to.size() > 1) to.push_back(',');
    to.append(fmt::format("\"{}\":{}", name, value));
  }

  std::string body_{"{"};
  std::string same_{"{"};
};

/// `[{"file":"…",…},…]`: what else stands beside `file` is the application's own.
std::vector<file_id> read_attachments(field_reader& fields, const json::array& items, const content_limits& limits) {
  std::vector<file_id> files;
  if (items.size() > limits.attachments)
    fields.refuse("attachments", fmt::format("may be {} at most", limits.attachments), errc::too_many);
  for (const auto& item : items) {
    const auto* object = item.if_object();
    const auto* file = object ? object->if_contains("file") : nullptr;
    if (!file || !file->is_string()) {
      fields.refuse("attachments", "must hold objects with a file");
      break;
    }
    if (has_nul(item)) {
      fields.refuse("attachments", "must be Unicode without U+0000 and lone surrogates");
      break;
    }
    const auto id = fields.taken(parse_file_id(view(file->get_string()), "attachments"));
    if (!id) break;
    files.push_back(*id);
  }
  return files;
}

message_content read_content(field_reader& fields, std::string_view whole, const content_limits& limits) {
  message_content content;
  body_writer out;

  const auto text = fields.text("text", limits.text_bytes);
  if (text) out.add("text", json_quoted(*text));
  const auto* data = read_data(fields, whole, limits);
  if (data) out.add_json("data", json::value(*data));
  if (const auto reply_to = fields.number("replyTo", 1, number_max)) {
    content.reply_to = *reply_to;
    out.add("replyTo", fmt::to_string(*reply_to));
  }
  if (fields.has("mentions")) {
    content.mentions = fields.users("mentions");
    if (content.mentions.size() > limits.mentions)
      fields.refuse("mentions", fmt::format("may name {} members at most", limits.mentions));
    std::string list{"["};
    for (const auto& user : content.mentions) {
      if (list.size() > 1) list.push_back(',');
      append_quoted(list, user.value);
    }
    out.add("mentions", list + "]");
  }
  if (const auto* attachments = fields.array("attachments"); attachments && !attachments->empty()) {
    content.files = read_attachments(fields, *attachments, limits);
    out.add_json("attachments", json::value(*attachments));
  }
  content.silent = fields.flag("silent", false);
  if (content.silent) out.add("silent", "true");

  if ((!text || text->empty()) && !data && content.files.empty())
    fields.refuse("text", "or data or attachments must be there");
  content.body = out.body();
  content.print = out.print();
  return content;
}

client_request read_auth(field_reader& fields) {
  fields.need("token");
  return auth_request{std::string{fields.text("token").value_or("")}};
}

client_request read_send(field_reader& fields, std::string_view whole, const content_limits& limits) {
  send_request send;
  send.to = fields.id<user_id>("to", parse_user_id);
  send.conversation = fields.id<conversation_id>("conversation", parse_conversation_id);
  if (fields.has("to") && fields.has("conversation")) fields.refuse("to", "and conversation exclude each other");
  if (!fields.has("to") && !fields.has("conversation")) fields.refuse("conversation", "or to must be there");
  send.client = read_client(fields);
  send.echo = fields.flag("echo", true);
  send.content = read_content(fields, whole, limits);
  return send;
}

client_request read_positions(field_reader& fields, bool read, const content_limits& limits) {
  positions_request request{.read = read, .is_private = read && fields.flag("private", false), .positions = {}};
  if (!fields.has("positions")) {
    fields.need("conversation");
    fields.need("seq");
    const auto conversation = fields.id<conversation_id>("conversation", parse_conversation_id);
    const auto seq = fields.number("seq", 0, number_max);
    if (conversation && seq) request.positions.push_back({*conversation, *seq});
    return request;
  }
  const auto* items = fields.array("positions");
  if (!items) return request;
  if (items->size() > limits.positions)
    fields.refuse("positions", fmt::format("may hold {} at most", limits.positions), errc::too_many);
  for (const auto& item : *items) {
    if (!item.is_object()) {
      fields.refuse("positions", "must hold objects");
      break;
    }
    field_reader inner{item.get_object()};
    inner.need("conversation");
    inner.need("seq");
    const auto conversation = inner.id<conversation_id>("conversation", parse_conversation_id);
    const auto seq = inner.number("seq", 0, number_max);
    if (inner.problem()) {
      fields.refuse("positions", inner.problem()->detail);
      break;
    }
    request.positions.push_back({*conversation, *seq});
  }
  return request;
}

std::optional<delivery_mode> read_mode(field_reader& fields) {
  const auto mode = fields.text("mode");
  if (!mode) return std::nullopt;
  if (*mode == "pull") return delivery_mode::pull;
  if (*mode != "push") fields.refuse("mode", "must be push or pull");
  return delivery_mode::push;
}

client_request read_create(field_reader& fields, std::string_view whole, const content_limits& limits) {
  create_request create;
  create.client = read_client(fields);
  create.title = std::string{fields.text("title", limits.title_bytes).value_or("")};
  fields.need("members");
  create.members = fields.users("members");
  if (create.members.size() > limits.members)
    fields.refuse("members", fmt::format("may be {} at most", limits.members), errc::too_many);
  if (const auto policy = fields.text("history")) {
    if (*policy == "joined")
      create.history = history_policy::joined;
    else if (*policy != "all")
      fields.refuse("history", "must be all or joined");
  }
  create.mode = read_mode(fields).value_or(delivery_mode::push);
  const auto* data = read_data(fields, whole, limits);
  if (data) create.data = json::serialize(*data);

  auto same = fmt::format("{} {} {} {}", json_quoted(create.title), to_string(create.history), to_string(create.mode),
                          data ? canonical(*data) : "");
  for (const auto& user : create.members) same.append(" ").append(user.value);
  create.print = fingerprint_of(same);
  return create;
}

client_request read_conversations(field_reader& fields) {
  conversations_request request;
  if (const auto next = fields.text("after")) {
    request.after = decode_list_position(*next);
    if (!request.after) fields.refuse("after", "must be the `next` of an earlier answer");
  }
  request.limit = fields.number("limit", 1, 100).value_or(50);
  return request;
}

conversation_id read_conversation_id(field_reader& fields) {
  fields.need("conversation");
  return fields.id<conversation_id>("conversation", parse_conversation_id).value_or(conversation_id{});
}

client_request read_members(field_reader& fields) {
  members_request request{.conversation = read_conversation_id(fields)};
  request.after = fields.id<user_id>("after", parse_user_id);
  request.limit = fields.number("limit", 1, 200).value_or(100);
  return request;
}

client_request read_history(field_reader& fields) {
  history_request request{.conversation = read_conversation_id(fields)};
  request.before = fields.number("before", 0, number_max);
  request.after = fields.number("after", 0, number_max);
  request.around = fields.number("around", 0, number_max);
  request.limit = fields.number("limit", 1, 200).value_or(50);
  if (fields.has("before") + fields.has("after") + fields.has("around") > 1)
    fields.refuse(fields.has("before") ? "before" : "after", "excludes the other directions");
  return request;
}

change_request read_change(field_reader& fields) {
  change_request change;
  change.conversation = read_conversation_id(fields);
  change.client = read_client(fields);
  return change;
}

seq_no read_target(field_reader& fields) {
  fields.need("target");
  return fields.number("target", 1, number_max).value_or(1);
}

client_request read_edit(field_reader& fields, std::string_view whole, const content_limits& limits) {
  auto change = read_change(fields);
  edit_content edit{.target = read_target(fields), .body = {}};
  body_writer out;
  const auto text = fields.text("text", limits.text_bytes);
  if (text) out.add("text", json_quoted(*text));
  const auto* data = read_data(fields, whole, limits);
  if (data) out.add_json("data", json::value(*data));
  if ((!text || text->empty()) && !data) fields.refuse("text", "or data must be there");
  edit.body = out.body();
  change.print = out.print(fmt::format("edit {} ", edit.target));
  change.content = std::move(edit);
  return change;
}

client_request read_delete(field_reader& fields) {
  auto change = read_change(fields);
  const delete_content gone{.target = read_target(fields)};
  change.print = fingerprint_of(fmt::format("delete {}", gone.target));
  change.content = gone;
  return change;
}

client_request read_react(field_reader& fields, const content_limits& limits) {
  auto change = read_change(fields);
  react_content reaction{.target = read_target(fields), .key = {}, .on = true};
  fields.need("key");
  reaction.key = std::string{fields.text("key", limits.reaction_key_bytes).value_or("")};
  if (reaction.key.empty()) fields.refuse("key", "must not be empty");
  fields.need("on");
  reaction.on = fields.flag("on", true);
  change.print = fingerprint_of(fmt::format("react {} {} {}", reaction.target, reaction.on, reaction.key));
  change.content = std::move(reaction);
  return change;
}

client_request read_membership(field_reader& fields, member_change::action_kind action, const content_limits& limits) {
  using enum member_change::action_kind;
  auto change = read_change(fields);
  membership_content wish{.action = action, .users = {}, .new_role = role::member};
  if (action == add || action == remove) {
    fields.need("users");
    wish.users = fields.users("users");
    if (wish.users.empty()) fields.refuse("users", "must name somebody");
    if (wish.users.size() > limits.members)
      fields.refuse("users", fmt::format("may be {} at most", limits.members), errc::too_many);
  }
  if (action == member_change::action_kind::role) {
    fields.need("user");
    fields.need("role");
    if (auto user = fields.id<user_id>("user", parse_user_id)) wish.users.push_back(std::move(*user));
    const auto written = fields.text("role");
    const auto wanted = written ? parse_role(*written) : std::nullopt;
    if (!wanted) fields.refuse("role", "must be owner, admin, member or reader");
    wish.new_role = wanted.value_or(role::member);
  }
  auto same = fmt::format("{} {}", to_string(action), to_string(wish.new_role));
  for (const auto& user : wish.users) same.append(" ").append(user.value);
  change.print = fingerprint_of(same);
  change.content = std::move(wish);
  return change;
}

client_request read_update(field_reader& fields, std::string_view whole, const content_limits& limits) {
  auto change = read_change(fields);
  update_content update;
  const auto title = fields.text("title", limits.title_bytes);
  if (title) update.title = std::string{*title};
  update.mode = read_mode(fields);
  const auto* data = read_data(fields, whole, limits);
  if (data) update.data = json::serialize(*data);
  if (!title && !data && !update.mode) fields.refuse("title", "or data or mode must be there");
  change.print =
      fingerprint_of(fmt::format("update {} {} {}", title ? json_quoted(*title) : "-",
                                 update.mode ? to_string(*update.mode) : "-", data ? canonical(*data) : "-"));
  change.content = std::move(update);
  return change;
}

client_request read_mute(field_reader& fields) {
  mute_request mute{.conversation = read_conversation_id(fields), .until = {}};
  fields.need("untilMs");
  mute.until = from_millis(static_cast<std::int64_t>(fields.number("untilMs", 0, number_max).value_or(0)));
  return mute;
}

client_request read_block(field_reader& fields, bool on) {
  fields.need("user");
  return block_request{fields.id<user_id>("user", parse_user_id).value_or(user_id{}), on};
}

client_request read_search(field_reader& fields) {
  search_request search;
  fields.need("text");
  search.query.text = std::string{fields.text("text", search_text_bytes_max).value_or("")};
  if (search.query.text.find_first_not_of(" \t\r\n") == std::string::npos) fields.refuse("text", "must not be empty");
  search.query.conversation = fields.id<conversation_id>("conversation", parse_conversation_id);
  search.query.limit = fields.number("limit", 1, 100).value_or(50);
  return search;
}

client_request read_focus(field_reader& fields) {
  focus_request focus;
  fields.need("conversations");
  const auto* items = fields.array("conversations");
  if (!items) return focus;
  if (items->size() > focus_max)
    fields.refuse("conversations", fmt::format("may be {} at most", focus_max), errc::too_many);
  for (const auto& item : *items) {
    if (!item.is_string()) {
      fields.refuse("conversations", "must hold ids");
      break;
    }
    const auto id = fields.taken(parse_conversation_id(view(item.get_string()), "conversations"));
    if (!id) break;
    if (std::ranges::find(focus.conversations, *id) == focus.conversations.end()) focus.conversations.push_back(*id);
  }
  return focus;
}

client_request read_presence(field_reader& fields) {
  presence_request presence;
  for (auto [name, list] : {std::pair{"subscribe", &presence.subscribe}, {"unsubscribe", &presence.unsubscribe}}) {
    *list = fields.users(name);
    if (list->size() > presence_users_max)
      fields.refuse(name, fmt::format("may name {} users at most", presence_users_max), errc::too_many);
  }
  if (const auto status = fields.text("status")) {
    if (*status == "online")
      presence.status = presence_choice::online;
    else if (*status == "away")
      presence.status = presence_choice::away;
    else if (*status == "invisible")
      presence.status = presence_choice::invisible;
    else
      fields.refuse("status", "must be online, away or invisible");
  }
  return presence;
}

client_request read_typing(field_reader& fields) {
  const auto conversation = read_conversation_id(fields);
  fields.need("on");
  return typing_request{conversation, fields.flag("on", true)};
}

result<client_request> read_request(std::string_view type, field_reader& fields, std::string_view whole,
                                    const content_limits& limits) {
  if (type == "send") return read_send(fields, whole, limits);
  if (type == "received") return read_positions(fields, false, limits);
  if (type == "read") return read_positions(fields, true, limits);
  if (type == "ping") return ping_request{};
  if (type == "history") return read_history(fields);
  if (type == "auth") return read_auth(fields);
  if (type == "create") return read_create(fields, whole, limits);
  if (type == "conversations") return read_conversations(fields);
  if (type == "conversation") return conversation_request{read_conversation_id(fields)};
  if (type == "members") return read_members(fields);
  if (type == "typing") return read_typing(fields);
  if (type == "presence") return read_presence(fields);
  if (type == "react") return read_react(fields, limits);
  if (type == "edit") return read_edit(fields, whole, limits);
  if (type == "delete") return read_delete(fields);
  if (type == "focus") return read_focus(fields);
  if (type == "search") return read_search(fields);
  if (type == "mute") return read_mute(fields);
  if (type == "block") return read_block(fields, true);
  if (type == "unblock") return read_block(fields, false);
  if (type == "update") return read_update(fields, whole, limits);
  using enum member_change::action_kind;
  for (const auto action : {add, remove, leave, role})
    if (type == to_string(action)) return read_membership(fields, action, limits);
  return fail(errc::unknown_type, fmt::format("there is no type {}", json_quoted(type.substr(0, 64))), "type");
}

} // namespace

client_frame decode_frame(std::string_view text, const content_limits& limits) {
  const auto object = parse_object(text);
  if (!object) return {"", fail(object.error())};
  field_reader fields{*object};

  const auto ref = fields.text("ref");
  if (ref && characters(*ref) > ref_characters_max)
    fields.refuse("ref", fmt::format("may have {} characters at most", ref_characters_max));
  if (fields.problem()) return {"", fail(*fields.problem())};
  client_frame frame{std::string{ref.value_or("")}, fail(errc::internal, "")};

  fields.need("type");
  const auto type = fields.text("type");
  if (fields.problem()) {
    frame.request = fail(*fields.problem());
    return frame;
  }
  frame.request = read_request(*type, fields, text, limits);
  if (frame.request && fields.problem()) frame.request = fail(*fields.problem());
  return frame;
}

result<client_request> decode_send(std::string_view text, const std::optional<conversation_id>& to,
                                   const content_limits& limits) {
  auto object = parse_object(text);
  if (!object) return fail(object.error());
  if (to) {
    object->erase("to");
    (*object)["conversation"] = to_string(*to);
  }
  field_reader fields{*object};
  auto request = read_send(fields, text, limits);
  if (fields.problem()) return fail(*fields.problem());
  return request;
}

result<credentials> decode_credentials(std::string_view text) {
  const auto object = parse_object(text);
  if (!object) return fail(object.error());
  field_reader fields{*object};
  fields.need("user");
  fields.need("password");
  credentials given;
  given.user = std::string{fields.text("user").value_or("")};
  given.password = std::string{fields.text("password").value_or("")};
  given.name = std::string{fields.text("name").value_or("")};
  given.device = fields.id<device_id>("device", parse_device_id);
  if (fields.problem()) return fail(*fields.problem());
  return given;
}

result<std::string> decode_refresh(std::string_view text) {
  const auto object = parse_object(text);
  if (!object) return fail(object.error());
  field_reader fields{*object};
  fields.need("refreshToken");
  auto token = std::string{fields.text("refreshToken").value_or("")};
  if (fields.problem()) return fail(*fields.problem());
  return token;
}

std::string encode_list_position(const list_position& place) {
  return fmt::format("{}.{}", to_millis(place.at), to_string(place.conversation));
}

std::optional<list_position> decode_list_position(std::string_view text) {
  const auto dot = text.find('.');
  if (dot == std::string_view::npos) return std::nullopt;
  std::int64_t millis = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + dot, millis);
  const auto id = parse_uuid(text.substr(dot + 1));
  if (problem != std::errc{} || end != text.data() + dot || !id) return std::nullopt;
  return list_position{from_millis(millis), {*id}};
}

} // namespace parley

#include <parley/encoder.hpp>

#include <array>

#include <parley/object_writer.hpp>

namespace parley {

namespace {

std::string address_of(const std::string& conversation, seq_no seq) {
  auto id = conversation;
  id.push_back(':');
  append_number(id, seq);
  return id;
}

void append_whole_entry(std::string& out, const entry& item, const user_id& reader) {
  out.append(encode_entry(item, item.author == reader));
  out.push_back('}');
}

void append_item(std::string& out, const conversation_item& item, const user_id& reader, object_writer line) {
  line.text("conversation", to_string(item.record.id))
      .text("kind", to_string(item.record.kind))
      .text("title", item.record.title)
      .number("members", item.members);
  if (item.peer) line.text("peer", item.peer->value);
  line.text("role", to_string(item.self.role))
      .number("head", item.head)
      .number("read", item.self.read)
      .number("delivered", item.self.delivered)
      .number("unread", item.unread);
  if (item.self.muted_until > timestamp{}) line.number("mutedUntil", to_millis(item.self.muted_until));
  if (item.last) {
    std::string last;
    append_whole_entry(last, *item.last, reader);
    line.raw("last", last);
  }
  line.text("mode", to_string(item.record.mode));
  if (item.record.kind == conversation_kind::group) line.text("history", to_string(item.record.history));
  if (!item.record.data.empty()) line.raw("data", item.record.data);
  line.number("createdAt", to_millis(item.record.created_at));
  out.append(std::move(line).close());
}

} // namespace

std::string_view to_string(member_change::action_kind action) {
  switch (action) {
  case member_change::action_kind::create: return "create";
  case member_change::action_kind::add: return "add";
  case member_change::action_kind::remove: return "remove";
  case member_change::action_kind::leave: return "leave";
  case member_change::action_kind::role: return "role";
  }
  return "unknown";
}

std::string encode_body(const member_change& change) {
  object_writer body;
  body.text("action", to_string(change.action)).array("users", change.users, [](std::string& out, const user_id& user) {
    append_quoted(out, user.value);
  });
  if (change.new_role) body.text("role", to_string(*change.new_role));
  if (change.action == member_change::action_kind::create) {
    body.text("title", change.title).text("history", to_string(change.history)).text("mode", to_string(change.mode));
    if (!change.data.empty()) body.raw("data", change.data);
  }
  return std::move(body).close();
}

std::string encode_body(const react_content& reaction) {
  object_writer body;
  body.text("key", reaction.key).flag("on", reaction.on);
  return std::move(body).close();
}

std::string encode_body(const update_content& update) {
  object_writer body;
  if (update.title) body.text("title", *update.title);
  if (update.data) body.raw("data", *update.data);
  if (update.mode) body.text("mode", to_string(*update.mode));
  if (update.automatic) body.flag("automatic", true);
  return std::move(body).close();
}

std::string encode_entry(const entry& item, bool with_client) {
  const auto conversation = to_string(item.conversation);
  object_writer frame{to_string(item.kind)};
  frame.text("conversation", conversation)
      .number("seq", item.seq)
      .text("id", address_of(conversation, item.seq))
      .text("from", item.author.value);
  if (item.target != 0) frame.number("target", item.target);
  if (with_client && item.client) frame.text("clientId", to_string(*item.client));
  frame.splice(item.body).number("ts", to_millis(item.at));
  return std::move(frame).open();
}

std::string close_frame(std::uint64_t s) {
  std::string suffix{",\"s\":"};
  append_number(suffix, s);
  suffix.push_back('}');
  return suffix;
}

std::string encode(const welcome& hello) {
  object_writer limits;
  limits.number("frame", hello.frame_bytes).number("text", hello.text_bytes).number("inFlight", hello.in_flight);
  object_writer frame{"welcome"};
  frame.text("user", hello.user.value)
      .text("device", hello.device.value)
      .text("session", hello.session)
      .text("resumeKey", hello.resume_key)
      .flag("resumed", hello.resumed)
      .text("node", hello.node)
      .number("serverTime", to_millis(hello.server_time))
      .number("heartbeatMs", hello.heartbeat.count())
      .number("resumeWindowMs", hello.resume_window.count())
      .raw("limits", std::move(limits).close())
      .text("version", "1.0");
  return std::move(frame).close();
}

std::string encode(const acknowledgement& ack) {
  const auto conversation = to_string(ack.conversation);
  object_writer frame{"ack"};
  frame.text_if("ref", ack.ref)
      .text_if("clientId", ack.client)
      .text("conversation", conversation)
      .number("seq", ack.seq)
      .text("id", address_of(conversation, ack.seq))
      .number("ts", to_millis(ack.at))
      .flag("duplicate", ack.duplicate);
  return std::move(frame).close();
}

std::string encode_open(const receipt& news) {
  const auto conversation = to_string(news.conversation);
  object_writer frame{"receipt"};
  frame.text("conversation", conversation)
      .number("seq", news.seq)
      .text("messageId", address_of(conversation, news.seq))
      .text("user", news.user.value)
      .text("status", news.read ? "read" : "delivered")
      .number("ts", to_millis(news.at));
  return std::move(frame).open();
}

std::string encode_error(std::string_view ref, const error& why) {
  object_writer frame{"error"};
  frame.text_if("ref", ref)
      .text("code", to_string(why.code))
      .text("message", why.detail.empty() ? to_string(why.code) : std::string_view{why.detail})
      .text("retry", to_string(advice_for(why.code)));
  if (advice_for(why.code) == retry_advice::later) frame.number("retryAfterMs", why.retry_after.count());
  frame.text_if("field", why.field);
  return std::move(frame).close();
}

std::string encode_plain_ack(std::string_view ref) {
  object_writer frame{"ack"};
  frame.text("ref", ref);
  return std::move(frame).close();
}

std::string encode_pong(std::string_view ref, timestamp now) {
  object_writer frame{"pong"};
  frame.text_if("ref", ref).number("serverTime", to_millis(now));
  return std::move(frame).close();
}

std::string encode_synced(std::size_t conversations, std::span<const unread_count> unread) {
  object_writer counts;
  for (const auto& line : unread)
    if (line.unread > 0) counts.number(to_string(line.conversation), line.unread);
  object_writer frame{"synced"};
  frame.number("conversations", conversations).raw("unread", std::move(counts).close());
  return std::move(frame).close();
}

std::string encode_gap(const conversation_id& conversation, seq_no from, seq_no to) {
  object_writer frame{"gap"};
  frame.text("conversation", to_string(conversation)).number("from", from).number("to", to);
  return std::move(frame).close();
}

std::string encode_hint(const conversation_id& conversation, seq_no head) {
  object_writer frame{"hint"};
  frame.text("conversation", to_string(conversation)).number("head", head);
  return std::move(frame).close();
}

std::string encode_lag(std::span<const conversation_id> conversations) {
  object_writer frame{"lag"};
  frame.array("conversations", conversations,
              [](std::string& out, const conversation_id& id) { append_quoted(out, to_string(id)); });
  return std::move(frame).close();
}

std::string encode_bye(std::chrono::milliseconds after) {
  object_writer frame{"bye"};
  frame.text("reason", "drain").number("afterMs", after.count());
  return std::move(frame).close();
}

std::string encode_conversation(std::string_view ref, const conversation_item& item, const user_id& reader) {
  object_writer frame{"conversation"};
  frame.text_if("ref", ref);
  std::string out;
  append_item(out, item, reader, std::move(frame));
  return out;
}

std::string encode_conversations(std::string_view ref, std::span<const conversation_item> items, std::string_view next,
                                 const user_id& reader) {
  object_writer frame{"conversations"};
  frame.text_if("ref", ref).array("items", items, [&](std::string& out, const conversation_item& item) {
    append_item(out, item, reader, object_writer{});
  });
  frame.text_if("next", next);
  return std::move(frame).close();
}

std::string encode_members(std::string_view ref, std::span<const member> members, std::string_view next) {
  object_writer frame{"members"};
  frame.text_if("ref", ref).array("items", members, [](std::string& out, const member& line) {
    object_writer item;
    item.text("user", line.user.value)
        .text("role", to_string(line.role))
        .number("delivered", line.delivered)
        .number("read", line.shown);
    out.append(std::move(item).close());
  });
  frame.text_if("next", next);
  return std::move(frame).close();
}

std::string encode_history(std::string_view ref, const conversation_id& conversation, std::span<const entry> items,
                           seq_no head, bool more, const user_id& reader) {
  object_writer frame{"history"};
  frame.text_if("ref", ref)
      .text("conversation", to_string(conversation))
      .array("items", items, [&](std::string& out, const entry& item) { append_whole_entry(out, item, reader); })
      .number("head", head)
      .flag("more", more);
  return std::move(frame).close();
}

std::string encode_results(std::string_view ref, std::span<const entry> items, const user_id& reader) {
  object_writer frame{"results"};
  frame.text_if("ref", ref).array("items", items, [&](std::string& out, const entry& item) {
    append_whole_entry(out, item, reader);
  });
  return std::move(frame).close();
}

std::string encode_presence(const user_id& user, presence_status status, const std::optional<timestamp>& last_seen) {
  constexpr std::array<std::string_view, 3> names{"offline", "away", "online"};
  object_writer frame{"presence"};
  frame.text("user", user.value).text("status", names[static_cast<std::size_t>(status)]);
  if (last_seen) frame.number("lastSeen", to_millis(*last_seen));
  return std::move(frame).close();
}

std::string encode_typing(const conversation_id& conversation, const user_id& user, bool on,
                          std::chrono::milliseconds lasts) {
  object_writer frame{"typing"};
  frame.text("conversation", to_string(conversation)).text("user", user.value).flag("on", on);
  frame.number("ttlMs", lasts.count());
  return std::move(frame).close();
}

std::string encode_open_muted(const conversation_id& conversation, timestamp until) {
  object_writer frame{"muted"};
  frame.text("conversation", to_string(conversation)).number("untilMs", to_millis(until));
  return std::move(frame).open();
}

std::string encode_grant(std::string_view token, std::string_view refresh_token, const user_id& user,
                         timestamp expires_at) {
  object_writer body;
  body.text("token", token)
      .text("refreshToken", refresh_token)
      .text("user", user.value)
      .number("expiresAt", to_millis(expires_at));
  return std::move(body).close();
}

} // namespace parley

#include <parley/codec.hpp>
#include <parley/entry_view.hpp>

#include <algorithm>
#include <map>
#include <set>

#include "core/src/field_reader.hpp"

namespace parley {

namespace {

std::optional<member_change::action_kind> parse_action(std::string_view text) {
  using enum member_change::action_kind;
  for (const auto action : {create, add, remove, leave, role})
    if (to_string(action) == text) return action;
  return std::nullopt;
}

/// What became of one message.
struct changes_of_message {
  std::optional<timestamp> edited_at;
  bool deleted = false;
  /// Who reacted with each key, in the order of the log.
  std::map<std::string, std::vector<user_id>> reactions;
  /// Bodies of the edits that say how the text and the application's object read now.
  std::optional<json::value> latest_text;
  std::optional<json::value> latest_data;

  void take(const entry& change) {
    if (change.kind == entry_kind::deleted) deleted = true;
    if (change.kind == entry_kind::reaction) take_reaction(change);
    if (change.kind == entry_kind::edited) take_edit(change);
  }

private:
  void take_reaction(const entry& change) {
    const auto read = decode_reaction(change.body);
    if (!read) return;
    auto& users = reactions[read->key];
    std::erase(users, change.author);
    if (read->on) users.push_back(change.author);
  }

  void take_edit(const entry& change) {
    edited_at = change.at;
    const auto body = parse_object(change.body);
    if (!body) return;
    if (const auto* text = body->if_contains("text")) latest_text = *text;
    if (const auto* data = body->if_contains("data")) latest_data = *data;
  }
};

std::string body_with(const std::string& body, const changes_of_message& changes) {
  if (changes.deleted) return R"({"deleted":true})";
  auto fields = parse_object(body).value_or(json::object{});
  if (changes.latest_text) fields["text"] = *changes.latest_text;
  if (changes.latest_data) fields["data"] = *changes.latest_data;
  if (changes.edited_at) fields["editedAt"] = to_millis(*changes.edited_at);
  json::object reactions;
  for (const auto& [key, users] : changes.reactions) {
    if (users.empty()) continue;
    json::array names;
    for (const auto& user : users) names.emplace_back(user.value);
    reactions[key] = std::move(names);
  }
  if (!reactions.empty()) fields["reactions"] = std::move(reactions);
  return json::serialize(fields);
}

} // namespace

std::vector<entry> with_changes(std::vector<entry> items, std::span<const entry> changes) {
  std::map<seq_no, changes_of_message> by_target;
  for (const auto& change : changes) by_target[change.target].take(change);
  for (auto& item : items) {
    if (item.kind != entry_kind::message) continue;
    const auto found = by_target.find(item.seq);
    if (found != by_target.end()) item.body = body_with(item.body, found->second);
  }
  return items;
}

target_facts facts_of(const entry& target, std::span<const entry> changes, const user_id& reader,
                      std::string_view reaction_key) {
  target_facts facts{.kind = target.kind, .author = target.author, .at = target.at};
  for (const auto& change : changes) {
    if (change.target != target.seq) continue;
    if (change.kind == entry_kind::deleted && facts.deleted_by == 0) facts.deleted_by = change.seq;
    if (change.kind != entry_kind::reaction || change.author != reader) continue;
    const auto read = decode_reaction(change.body);
    if (!read || read->key != reaction_key) continue;
    facts.reacts = read->on;
    facts.reacted_by = change.seq;
  }
  return facts;
}

result<react_content> decode_reaction(std::string_view body) {
  const auto object = parse_object(body);
  if (!object) return fail(object.error());
  field_reader fields{*object};
  react_content read;
  read.key = std::string{fields.text("key").value_or("")};
  read.on = fields.flag("on", true);
  if (fields.problem()) return fail(*fields.problem());
  return read;
}

result<update_content> decode_update(std::string_view body) {
  const auto object = parse_object(body);
  if (!object) return fail(object.error());
  field_reader fields{*object};
  update_content read;
  if (const auto title = fields.text("title")) read.title = std::string{*title};
  if (const auto mode = fields.text("mode")) read.mode = *mode == "pull" ? delivery_mode::pull : delivery_mode::push;
  if (const auto* data = fields.object("data")) read.data = json::serialize(*data);
  read.automatic = fields.flag("automatic", false);
  if (fields.problem()) return fail(*fields.problem());
  return read;
}

result<member_change> decode_member_change(std::string_view body) {
  const auto object = parse_object(body);
  if (!object) return fail(object.error());
  field_reader fields{*object};
  member_change change;
  const auto action = parse_action(fields.text("action").value_or(""));
  if (!action)
    fields.refuse("action", "is unknown");
  else
    change.action = *action;
  change.users = fields.users("users");
  if (const auto written = fields.text("role")) change.new_role = parse_role(*written);
  change.title = std::string{fields.text("title").value_or("")};
  if (fields.text("history") == "joined") change.history = history_policy::joined;
  if (fields.text("mode") == "pull") change.mode = delivery_mode::pull;
  if (const auto* data = fields.object("data")) change.data = json::serialize(*data);
  if (fields.problem()) return fail(*fields.problem());
  return change;
}

} // namespace parley

#include "tools/parleyctl/requests.hpp"

#include <utility>

#include <boost/json.hpp>

namespace parley::ctl {

namespace json = boost::json;

namespace {

json::array texts(const std::vector<std::string>& from) { return json::array(from.begin(), from.end()); }

json::object writing(json::object request) {
  request["clientId"] = to_string(random_uuid());
  return request;
}

} // namespace

result<addressee> parse_addressee(std::string_view text, std::string_view field) {
  if (parse_uuid(text)) return addressee{.conversation = std::string{text}, .peer = {}};
  auto peer = parse_user_id(text, field);
  if (!peer) return fail(std::move(peer.error()));
  return addressee{.conversation = {}, .peer = std::move(*peer)};
}

result<std::string> conversation_meant(const user_id& self, std::string_view text) {
  auto meant = parse_addressee(text, "conversation");
  if (!meant) return fail(std::move(meant.error()));
  if (!meant->conversation.empty()) return std::move(meant->conversation);
  return to_string(direct_conversation(self, meant->peer));
}

json::object conversations_request() { return {{"type", "conversations"}, {"limit", 100}}; }

json::object history_request(std::string_view conversation, const history_place& place, std::optional<unsigned> limit) {
  json::object request{{"type", "history"}, {"conversation", conversation}};
  if (place.before) request["before"] = *place.before;
  if (place.after) request["after"] = *place.after;
  if (place.around) request["around"] = *place.around;
  if (limit) request["limit"] = *limit;
  return request;
}

json::object search_request(std::string_view text, std::string_view conversation, std::optional<unsigned> limit) {
  json::object request{{"type", "search"}, {"text", text}};
  if (!conversation.empty()) request["conversation"] = conversation;
  if (limit) request["limit"] = *limit;
  return request;
}

json::object create_request(std::string_view title, const std::vector<std::string>& members) {
  return writing({{"type", "create"}, {"title", title}, {"members", texts(members)}});
}

json::object members_request(std::string_view type, std::string_view conversation,
                             const std::vector<std::string>& users) {
  return writing({{"type", type}, {"conversation", conversation}, {"users", texts(users)}});
}

json::object leave_request(std::string_view conversation) {
  return writing({{"type", "leave"}, {"conversation", conversation}});
}

json::object role_request(std::string_view conversation, std::string_view user, std::string_view role) {
  return writing({{"type", "role"}, {"conversation", conversation}, {"user", user}, {"role", role}});
}

json::object rename_request(std::string_view conversation, std::string_view title) {
  return writing({{"type", "update"}, {"conversation", conversation}, {"title", title}});
}

} // namespace parley::ctl

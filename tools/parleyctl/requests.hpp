/// What commands ask the server, as JSON.

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

#include <parley/ids.hpp>

namespace parley::ctl {

/// Whom a person means: a conversation by its id, or a user. One of the two is empty.
struct addressee {
  std::string conversation;
  user_id peer;
};

/// What has the form of a conversation's id is one; `invalid_argument` for `field` when it is no user either.
[[nodiscard]] result<addressee> parse_addressee(std::string_view text, std::string_view field);
/// The conversation that `self` means by `text`.
[[nodiscard]] result<std::string> conversation_meant(const user_id& self, std::string_view text);

/// At most one of the three.
struct history_place {
  std::optional<seq_no> before, after, around;
};

[[nodiscard]] boost::json::object conversations_request();
/// Without a `limit` the server chooses.
[[nodiscard]] boost::json::object history_request(std::string_view conversation, const history_place& place,
                                                  std::optional<unsigned> limit);
/// Everywhere, when `conversation` is empty.
[[nodiscard]] boost::json::object search_request(std::string_view text, std::string_view conversation,
                                                 std::optional<unsigned> limit);

// Requests that write: each has a `clientId` of its own, so that it may be repeated.

[[nodiscard]] boost::json::object create_request(std::string_view title, const std::vector<std::string>& members);
/// `type` is `add` or `remove`.
[[nodiscard]] boost::json::object members_request(std::string_view type, std::string_view conversation,
                                                  const std::vector<std::string>& users);
[[nodiscard]] boost::json::object leave_request(std::string_view conversation);
[[nodiscard]] boost::json::object role_request(std::string_view conversation, std::string_view user,
                                               std::string_view role);
[[nodiscard]] boost::json::object rename_request(std::string_view conversation, std::string_view title);

} // namespace parley::ctl

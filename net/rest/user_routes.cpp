#include "net/rest/user_routes.hpp"

#include <fmt/format.h>

#include <parley/rest_codec.hpp>

#include "net/auth/account_rules.hpp"
#include "net/auth/code_points.hpp"

namespace parley::net {

namespace {

constexpr std::size_t found_max = 20;
constexpr std::size_t query_characters_max = 128;

result<void> check_query(std::string_view text) {
  std::size_t characters = 0;
  for (; !text.empty(); ++characters) {
    const auto point = take_code_point(text);
    if (!point || *point == 0) return fail(errc::invalid_argument, "q is not Unicode text", "q");
  }
  if (characters == 0 || characters > query_characters_max)
    return fail(errc::invalid_argument, fmt::format("q must have 1 to {} characters", query_characters_max), "q");
  return {};
}

} // namespace

void user_routes::add_to(router& table, gate& door) {
  table.add({"GET", "/v1/me", door.guard_work([this](const api_call& call) { return self(call); })});
  table.add({"PATCH", "/v1/me", door.guard_work([this](const api_call& call) { return rename(call); })});
  table.add({"GET", "/v1/users", door.guard_work([this](const api_call& call) { return search(call); })});
  table.add({"GET", "/v1/users/{}", door.guard_work([this](const api_call& call) { return find(call); })});
}

result<http_response> user_routes::self(const api_call& call) const {
  const auto found = account_of(call.bearer.user);
  if (!found) return fail(found.error());
  return json_response(200, encode_profile(*found));
}

result<http_response> user_routes::rename(const api_call& call) const {
  const auto name = decode_profile(call.request.body);
  if (!name) return fail(name.error());
  if (auto fine = check_display_name(*name); !fine) return fail(fine.error());
  if (auto done = store_->set_name(call.bearer.user, *name); !done) return fail(done.error());
  return self(call);
}

result<http_response> user_routes::find(const api_call& call) const {
  const auto user = parse_user_id(call.names.front());
  if (!user) return fail(user.error());
  const auto found = account_of(*user);
  if (!found) return fail(found.error());
  return json_response(200, encode_user(*found));
}

result<http_response> user_routes::search(const api_call& call) const {
  const auto start = call.request.target.parameter("q").value_or("");
  if (auto fine = check_query(start); !fine) return fail(fine.error());
  const auto found = store_->search(start, found_max);
  if (!found) return fail(found.error());
  return json_response(200, encode_users(*found));
}

result<account> user_routes::account_of(const user_id& user) const {
  auto found = store_->find(user);
  if (!found) return fail(found.error());
  if (!*found) return fail(errc::not_found, fmt::format("there is no user {}", user.value));
  return **std::move(found);
}

} // namespace parley::net

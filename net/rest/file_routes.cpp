#include "net/rest/file_routes.hpp"

#include <fmt/format.h>

#include <parley/rest_codec.hpp>

#include "net/auth/sha256.hpp"
#include "net/rest/file_headers.hpp"

namespace parley::net {

file_routes::file_routes(std::shared_ptr<file_store> store, const clock& time, const file_limits& limits)
    : store_{std::move(store)}, time_{time}, limits_{limits}, transfers_{limits.transfers} {}

void file_routes::add_to(router& table, gate& door) {
  table.add({"POST", "/v1/files", door.guard_work([this](const api_call& call) { return upload(call); }),
             [this, &door](const http_request& head, std::optional<std::uint64_t> length) -> result<body_room> {
               const auto bearer = door.check(head, gate::token_place::header);
               if (!bearer) return fail(bearer.error());
               return admit(bearer->user, length);
             }});
  table.add(
      {"GET", "/v1/files/{}",
       door.guard_work([this](const api_call& call) { return download(call); }, gate::token_place::header_or_query)});
}

result<body_room> file_routes::admit(const user_id& user, std::optional<std::uint64_t> length) {
  const auto bytes = length.value_or(limits_.bytes_max);
  if (bytes > limits_.bytes_max) return fail(body_too_large(limits_.bytes_max));
  auto place = transfers_.take(user, bytes);
  if (!place) return fail(place.error());
  return body_room{limits_.bytes_max, std::move(*place)};
}

result<http_response> file_routes::upload(const api_call& call) const {
  const auto& content = call.request.body;
  if (content.empty()) return fail(errc::invalid_argument, "the body, which is the file, is empty", "body");
  auto name = clean_file_name(call.request.target.parameter("name").value_or(""));
  if (!name) return fail(name.error());
  const stored_file file{.id = {random_uuid()},
                         .owner = call.bearer.user,
                         .name = std::move(*name),
                         .mime = media_type(call.request.content_type),
                         .size = content.size(),
                         .sha256 = sha256(content),
                         .at = time_.now()};
  if (auto done = store_->put(file, content); !done) return fail(done.error());
  return json_response(200, encode_file(file));
}

result<http_response> file_routes::download(const api_call& call) {
  const auto& reader = call.bearer.user;
  const auto id = parse_file_id(call.names.front());
  if (!id) return fail(id.error());
  const auto file = store_->find(*id, reader);
  if (!file) return fail(file.error());
  if (!*file) return fail(errc::not_found, "there is no such file");

  const auto etag = fmt::format("\"{}\"", to_hex((*file)->sha256));
  http_response response{200, std::string{served_type((*file)->mime)}, nullptr, {}};
  response.headers = {
      {"Content-Disposition", content_disposition((*file)->mime, (*file)->name)},
      {"Content-Security-Policy", "sandbox; default-src 'none'"},
      {"Cache-Control", "private, max-age=31536000, immutable"},
      {"ETag", etag},
      // The next user of the browser may have no right to it.
      {"Vary", "Authorization"},
      {"Referrer-Policy", "no-referrer"},
      {"X-Content-Type-Options", "nosniff"},
  };
  if (names_etag(call.request.if_none_match, etag)) {
    response.status = 304;
    return response;
  }
  auto content = content_of(**file, reader);
  if (!content) return fail(content.error());
  response.body = std::move(*content);
  return response;
}

result<std::shared_ptr<const std::string>> file_routes::content_of(const stored_file& file, const user_id& reader) {
  auto place = transfers_.take(reader, file.size);
  if (!place) return fail(place.error());
  auto content = store_->read(file.id, 0, file.size);
  if (!content) return fail(content.error());
  struct placed_content {
    std::shared_ptr<void> place;
    std::string text;
  };
  auto held = std::make_shared<const placed_content>(placed_content{std::move(*place), std::move(*content)});
  return std::shared_ptr<const std::string>{held, &held->text};
}

} // namespace parley::net

#include "net/auth/token_json.hpp"

#include <parley/json_text.hpp>

#include <boost/json.hpp>
#include <fmt/format.h>

#include <cmath>

namespace parley::net {

namespace {

namespace json = boost::json;

/// The last second of the year 9999. A greater time is most likely in milliseconds.
constexpr std::int64_t seconds_max = 253'402'300'799;

tl::unexpected<error> bad(std::string_view what) {
  return fail(errc::unauthenticated, fmt::format("the token's {}", what));
}

result<json::object> parse_object(std::string_view text, std::string_view part, json::storage_ptr memory) {
  json::error_code failure;
  json::parse_options options;
  options.max_depth = 16;
  auto value = json::parse({text.data(), text.size()}, failure, std::move(memory), options);
  if (failure || !value.is_object()) return bad(fmt::format("{} is not a JSON object", part));
  return std::move(value.get_object());
}

result<std::optional<std::string>> text_claim(const json::object& claims, std::string_view name) {
  const auto* value = claims.if_contains({name.data(), name.size()});
  if (value == nullptr) return std::nullopt;
  const auto* text = value->if_string();
  if (text == nullptr) return bad(fmt::format("claim {} is not a string", name));
  return std::string{text->data(), text->size()};
}

/// A NumericDate, which may have a fraction.
result<std::optional<timestamp>> time_claim(const json::object& claims, std::string_view name) {
  const auto* value = claims.if_contains({name.data(), name.size()});
  if (value == nullptr) return std::nullopt;
  double number = -1;
  if (const auto* whole = value->if_int64()) number = static_cast<double>(*whole);
  if (const auto* real = value->if_double()) number = *real;
  if (!(number >= 0 && number <= static_cast<double>(seconds_max))) {
    return bad(fmt::format("claim {} is not a time in seconds", name));
  }
  return from_millis(std::llround(number * 1'000));
}

/// `aud` is a string or an array of strings.
result<std::vector<std::string>> audience_claim(const json::object& claims) {
  std::vector<std::string> names;
  const auto* value = claims.if_contains("aud");
  if (value == nullptr) return names;
  const auto* items = value->if_array();
  const std::size_t count = items != nullptr ? items->size() : 1;
  for (std::size_t i = 0; i < count; ++i) {
    const auto* name = items != nullptr ? (*items)[i].if_string() : value->if_string();
    if (name == nullptr) return bad("claim aud is neither a string nor an array of strings");
    names.emplace_back(name->data(), name->size());
  }
  return names;
}

void append_text(std::string& out, std::string_view name, std::string_view value) {
  out += out.empty() ? '{' : ',';
  append_quoted(out, name);
  out += ':';
  append_quoted(out, value);
}

std::int64_t whole_seconds(timestamp at) {
  return std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count();
}

void append_time(std::string& out, std::string_view name, std::int64_t value) {
  out += fmt::format(",\"{}\":{}", name, value);
}

/// A whole second without a fraction, as most readers expect it.
void append_exact_time(std::string& out, std::string_view name, timestamp at) {
  append_time(out, name, whole_seconds(at));
  if (const auto rest = to_millis(at) % 1'000; rest != 0) out += fmt::format(".{:03}", rest);
}

} // namespace

result<std::string> read_algorithm(std::string_view header) {
  unsigned char buffer[1024];
  json::monotonic_resource memory{buffer};
  const auto fields = parse_object(header, "header", &memory);
  if (!fields) return fail(fields.error());
  if (fields->contains("crit")) return bad("header names extensions that are not known here");
  const auto* algorithm = fields->if_contains("alg");
  if (algorithm == nullptr || !algorithm->is_string()) return bad("header names no algorithm");
  const auto& name = algorithm->get_string();
  return std::string{name.data(), name.size()};
}

result<raw_claims> read_claims(std::string_view payload) {
  unsigned char buffer[2048];
  json::monotonic_resource memory{buffer};
  const auto claims = parse_object(payload, "payload", &memory);
  if (!claims) return fail(claims.error());
  auto subject = text_claim(*claims, "sub");
  if (!subject) return fail(subject.error());
  auto device = text_claim(*claims, "device");
  if (!device) return fail(device.error());
  auto issuer = text_claim(*claims, "iss");
  if (!issuer) return fail(issuer.error());
  auto audience = audience_claim(*claims);
  if (!audience) return fail(audience.error());
  const auto expires_at = time_claim(*claims, "exp");
  if (!expires_at) return fail(expires_at.error());
  if (!*expires_at) return bad("claim exp is missing");
  const auto issued_at = time_claim(*claims, "iat");
  if (!issued_at) return fail(issued_at.error());
  const auto not_before = time_claim(*claims, "nbf");
  if (!not_before) return fail(not_before.error());
  raw_claims said{.subject = subject->value_or(""),
                  .device = *std::move(device),
                  .expires_at = whole_seconds(**expires_at),
                  .issued_at = *issued_at,
                  .issuer = issuer->value_or(""),
                  .audience = *std::move(audience)};
  if (*not_before) said.not_before = whole_seconds(**not_before);
  return said;
}

std::string write_claims(const raw_claims& claims) {
  std::string out;
  append_text(out, "sub", claims.subject);
  if (claims.device) append_text(out, "device", *claims.device);
  if (!claims.issuer.empty()) append_text(out, "iss", claims.issuer);
  for (const auto& name : claims.audience) append_text(out, "aud", name);
  if (claims.issued_at) append_exact_time(out, "iat", *claims.issued_at);
  if (claims.not_before) append_time(out, "nbf", *claims.not_before);
  append_time(out, "exp", claims.expires_at);
  out += '}';
  return out;
}

} // namespace parley::net

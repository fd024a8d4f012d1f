#include "net/http_types.hpp"

#include <array>
#include <ctime>

#include <fmt/format.h>

#include <parley/encoder.hpp>

namespace parley::net {

http_response json_response(unsigned status, std::string body) {
  return {status,
          "application/json",
          std::make_shared<const std::string>(std::move(body)),
          {{"Cache-Control", "no-store"}}};
}

http_response error_response(const error& why, unsigned status) {
  auto response = json_response(status != 0 ? status : http_status(why.code), encode_error("", why));
  if (advice_for(why.code) == retry_advice::later)
    response.headers.emplace_back("Retry-After", fmt::to_string((why.retry_after.count() + 999) / 1'000));
  if (why.code == errc::unauthenticated || why.code == errc::token_expired)
    response.headers.emplace_back("WWW-Authenticate", "Bearer");
  return response;
}

error body_too_large(std::uint64_t bytes_max) {
  return {errc::too_large, fmt::format("the body may have {} bytes at most", bytes_max), {}, {}};
}

http_response method_not_allowed(std::string_view allowed) {
  auto response =
      error_response({errc::invalid_argument, fmt::format("only {} is allowed here", allowed), "method", {}}, 405);
  response.headers.emplace_back("Allow", allowed);
  return response;
}

std::string http_date(timestamp at) {
  static constexpr std::array days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto seconds = static_cast<std::time_t>(to_millis(at) / 1'000);
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  return fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} GMT", days.at(static_cast<std::size_t>(utc.tm_wday)),
                     utc.tm_mday, months.at(static_cast<std::size_t>(utc.tm_mon)), utc.tm_year + 1'900, utc.tm_hour,
                     utc.tm_min, utc.tm_sec);
}

bool names_etag(std::string_view if_none_match, std::string_view etag) {
  if (if_none_match == "*") return true;
  // Our own tags contain no comma, so one that does is none of ours, however it is split.
  while (!if_none_match.empty()) {
    auto tag = if_none_match.substr(0, if_none_match.find(','));
    if_none_match.remove_prefix(std::min(if_none_match.size(), tag.size() + 1));
    while (tag.starts_with(' ') || tag.starts_with('\t')) tag.remove_prefix(1);
    while (tag.ends_with(' ') || tag.ends_with('\t')) tag.remove_suffix(1);
    if (tag.starts_with("W/")) tag.remove_prefix(2);
    if (tag == etag) return true;
  }
  return false;
}

} // namespace parley::net

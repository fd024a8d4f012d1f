#include "tools/parleyctl/refusal.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include "tools/parleyctl/json_fields.hpp"

namespace parley::ctl {

namespace json = boost::json;

namespace {

constexpr std::chrono::milliseconds repeat_after{1000};

errc code_of(std::string_view name) {
  for (auto code = errc::bad_frame; code != errc::internal; code = static_cast<errc>(static_cast<int>(code) + 1))
    if (to_string(code) == name) return code;
  return errc::internal;
}

} // namespace

error refusal_in(const json::object& frame) {
  const auto code = text_in(frame, "code");
  return {.code = code_of(code), .detail = fmt::format("{}: {}", code, text_in(frame, "message"))};
}

error refusal_in(std::string_view body, unsigned status) {
  json::error_code trouble;
  const auto value = json::parse(json::string_view{body.data(), body.size()}, trouble);
  if (!trouble && value.is_object()) return refusal_in(value.get_object());
  return {.code = errc::unavailable, .detail = fmt::format("refused with HTTP {}", status)};
}

std::optional<std::chrono::milliseconds> asked_to_wait(const json::object& frame) {
  const auto retry = text_in(frame, "retry");
  if (retry != "later" && retry != "same") return std::nullopt;
  const std::chrono::milliseconds wait{number_in(frame, "retryAfterMs")};
  return wait.count() > 0 ? wait : repeat_after;
}

std::string ending_text(const client::ending& how) {
  if (how.http_status != 0) return refusal_in(how.text, how.http_status).detail;
  if (how.code == 1006) return how.text;
  return how.text.empty() ? fmt::format("closed with {}", how.code)
                          : fmt::format("closed with {}: {}", how.code, how.text);
}

} // namespace parley::ctl

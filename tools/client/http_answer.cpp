#include "tools/client/http_answer.hpp"

#include <algorithm>
#include <charconv>

namespace parley::client {

namespace {

constexpr std::size_t answer_bytes_max = 1 << 20;
constexpr std::string_view line_end = "\r\n", head_end = "\r\n\r\n";

std::string in_lower_case(std::string_view text) {
  std::string lower{text};
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return lower;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

template <class Number> std::optional<Number> read_number(std::string_view digits) {
  Number number = 0;
  const auto [end, trouble] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (trouble != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  return number;
}

// `HTTP/1.1 200 OK`
std::optional<unsigned> read_status(std::string_view line) {
  if (!line.starts_with("HTTP/1.") || line.size() < 12 || line[8] != ' ') return std::nullopt;
  return read_number<unsigned>(line.substr(9, 3));
}

std::optional<http_answer> read_head(std::string_view head) {
  http_answer answer;
  const auto status = read_status(head.substr(0, head.find(line_end)));
  if (!status) return std::nullopt;
  answer.status = *status;
  for (auto at = head.find(line_end); at != std::string_view::npos; at = head.find(line_end, at + 2)) {
    const auto line = head.substr(at + 2, head.find(line_end, at + 2) - at - 2);
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    answer.headers[in_lower_case(line.substr(0, colon))] = trimmed(line.substr(colon + 1));
  }
  return answer;
}

bool has_body(unsigned status) { return status >= 200 && status != 204 && status != 304; }

} // namespace

std::string_view http_answer::header(std::string_view name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? std::string_view{} : found->second;
}

result<std::optional<http_answer>> read_http_answer(std::string_view bytes, bool ended) {
  if (bytes.size() > answer_bytes_max) return fail(errc::bad_frame, "the HTTP answer is too large");
  const auto end = bytes.find(head_end);
  if (end == std::string_view::npos) {
    if (ended) return fail(errc::bad_frame, "the server closed the connection instead of answering");
    return std::nullopt;
  }
  auto answer = read_head(bytes.substr(0, end));
  if (!answer) return fail(errc::bad_frame, "the server does not speak HTTP");
  const auto body = bytes.substr(end + head_end.size());
  answer->bytes = end + head_end.size();
  if (!has_body(answer->status)) return answer;
  if (!answer->header("transfer-encoding").empty()) return fail(errc::bad_frame, "the HTTP answer is chunked");

  auto length = body.size();
  if (const auto announced = answer->header("content-length"); !announced.empty()) {
    const auto number = read_number<std::size_t>(announced);
    if (!number) return fail(errc::bad_frame, "the HTTP answer has no proper length");
    length = *number;
    if (ended && body.size() < length) return fail(errc::bad_frame, "the HTTP answer was cut short");
    if (body.size() < length) return std::nullopt;
  } else if (!ended) {
    return std::nullopt;
  }
  answer->body = body.substr(0, length);
  answer->bytes += length;
  return answer;
}

} // namespace parley::client

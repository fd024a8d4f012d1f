#include "tests/system/http_client.hpp"

#include <algorithm>
#include <cctype>
#include <stdexcept>

#include <fmt/format.h>

namespace parley::tests {

namespace {

http_answer parse_head(std::string_view head) {
  http_answer answer;
  const auto first = head.substr(0, head.find("\r\n"));
  if (!first.starts_with("HTTP/1.") || first.size() < 12)
    throw std::runtime_error{fmt::format("not an HTTP answer: {}", head)};
  answer.status = static_cast<unsigned>(std::stoul(std::string{first.substr(9, 3)}));
  head.remove_prefix(std::min(head.size(), first.size() + 2));
  while (!head.empty()) {
    const auto line = head.substr(0, head.find("\r\n"));
    head.remove_prefix(std::min(head.size(), line.size() + 2));
    const auto colon = line.find(':');
    std::string name{line.substr(0, colon)};
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
    auto value = line.substr(colon + 1);
    while (value.starts_with(' ')) value.remove_prefix(1);
    answer.headers.emplace(std::move(name), value);
  }
  return answer;
}

} // namespace

std::string http_answer::header(const std::string& name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? "" : found->second;
}

std::string http_client::text_of(std::string_view method, std::string_view target, const http_headers& headers,
                                 std::string_view body) const {
  auto text = fmt::format("{} {} HTTP/1.1\r\n", method, target);
  if (!headers.contains("host")) text += fmt::format("host: {}\r\n", authority_of(url_));
  for (const auto& [name, value] : headers) text += fmt::format("{}: {}\r\n", name, value);
  if (!body.empty()) text += fmt::format("content-length: {}\r\n", body.size());
  text += "\r\n";
  return text.append(body);
}

http_answer http_client::request(std::string_view method, std::string_view target, const http_headers& headers,
                                 std::string_view body) {
  write(text_of(method, target, headers, body));
  return read(method == "HEAD");
}

http_answer http_client::read(bool to_head) {
  const deadline until;
  const auto read_more = [&] {
    const auto more = stream_.read_some(until);
    if (more.empty()) throw std::runtime_error{fmt::format("the answer ended early: {}", unread_)};
    unread_ += more;
  };
  constexpr std::string_view empty_line = "\r\n\r\n";
  while (unread_.find(empty_line) == std::string::npos) read_more();
  const auto end = unread_.find(empty_line);
  auto answer = parse_head(std::string_view{unread_}.substr(0, end));
  unread_.erase(0, end + empty_line.size());
  const auto length = answer.header("content-length");
  if (length.empty() || to_head) return answer;
  const auto size = std::stoul(length);
  while (unread_.size() < size) read_more();
  answer.body = unread_.substr(0, size);
  unread_.erase(0, size);
  return answer;
}

bool http_client::is_ended_by_server() { return unread_.empty() && stream_.read_some().empty(); }

} // namespace parley::tests

#include "tests/system/chat.hpp"

#include <algorithm>
#include <atomic>

#include <fmt/format.h>

namespace parley::tests {

namespace {

std::string with_client(std::string_view client_id) {
  return client_id.empty() ? "" : fmt::format(R"(,"clientId":"{}")", client_id);
}

} // namespace

std::string send_to(std::string_view user, std::string_view text, std::string_view client_id) {
  return fmt::format(R"({{"type":"send","to":"{}","text":{}{}}})", user, quoted(text), with_client(client_id));
}

std::string send_in(std::string_view conversation, std::string_view text, std::string_view client_id) {
  return fmt::format(R"({{"type":"send","conversation":"{}","text":{}{}}})", conversation, quoted(text),
                     with_client(client_id));
}

std::string create_group(const std::vector<std::string>& members, std::string_view title) {
  std::string list;
  for (const auto& user : members) list += fmt::format("{}{}", list.empty() ? "" : ",", quoted(user));
  return fmt::format(R"({{"type":"create","members":[{}],"title":{}}})", list, quoted(title));
}

std::string position(std::string_view type, std::string_view conversation, std::int64_t seq) {
  return fmt::format(R"({{"type":"{}","conversation":"{}","seq":{}}})", type, conversation, seq);
}

std::string history_after(std::string_view conversation, std::int64_t seq, int limit) {
  return fmt::format(R"({{"type":"history","conversation":"{}","after":{},"limit":{}}})", conversation, seq, limit);
}

std::string new_client_id() {
  static std::atomic<std::uint64_t> last{0};
  return fmt::format("018f0000-0000-7000-8000-{:012x}", ++last);
}

std::vector<json> whole_history(client& reader, std::string_view conversation) {
  std::vector<json> all;
  for (;;) {
    const auto page = reader.ask(history_after(conversation, std::ssize(all)));
    if (page["type"] != "history") throw std::runtime_error{"no history: " + page.dump()};
    for (auto& item : page["items"].items()) all.push_back(std::move(item));
    if (page["more"] == false) return all;
  }
}

std::vector<json> messages_in(const std::vector<json>& frames) {
  std::vector<json> found;
  std::copy_if(frames.begin(), frames.end(), std::back_inserter(found), of_type("message"));
  return found;
}

bool is_dense(const std::vector<json>& entries, std::int64_t first) {
  return std::all_of(entries.begin(), entries.end(), [&](const json& entry) { return entry["seq"] == first++; });
}

} // namespace parley::tests

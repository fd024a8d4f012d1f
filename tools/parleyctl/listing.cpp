#include "tools/parleyctl/listing.hpp"

#include <ctime>

#include <fmt/format.h>

#include "tools/parleyctl/entry_text.hpp"
#include "tools/parleyctl/json_fields.hpp"
#include "tools/parleyctl/outcome.hpp"

namespace parley::ctl {

namespace json = boost::json;

namespace {

std::string local_time(std::int64_t ts) {
  const auto seconds = static_cast<std::time_t>(ts / 1000);
  std::tm local{};
  ::localtime_r(&seconds, &local);
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}", local.tm_year + 1900, local.tm_mon + 1, local.tm_mday,
                     local.tm_hour, local.tm_min);
}

const json::object* object_in(const json::object& from, std::string_view name) {
  const auto* const value = from.if_contains(name);
  return value == nullptr ? nullptr : value->if_object();
}

// `2026-11-24 09:30  bob: hi`
std::string what_happened(const json::object& entry) {
  const auto* const mark = text_in(entry, "type") == "message" ? ":" : "";
  const auto* const edited = entry.contains("editedAt") ? " (edited)" : "";
  return fmt::format("{}  {}{} {}{}", local_time(number_in(entry, "ts")), printable(text_in(entry, "from")), mark,
                     printable(entry_text(entry)), edited);
}

std::string name_of(const json::object& item) {
  if (text_in(item, "kind") == "direct") return printable(text_in(item, "peer"));
  const auto title = text_in(item, "title");
  return title.empty() ? "(no title)" : printable(title);
}

} // namespace

std::string conversation_line(const json::object& item) {
  auto line = fmt::format("{}  {:<6}  {:>3} unread  {}", printable(text_in(item, "conversation")),
                          printable(text_in(item, "kind")), number_in(item, "unread"), name_of(item));
  if (const auto* const last = object_in(item, "last")) line += "  " + what_happened(*last);
  return line;
}

std::string entry_line(const json::object& entry) {
  return fmt::format("{:>4}  {}", number_in(entry, "seq"), what_happened(entry));
}

std::string found_line(const json::object& entry) {
  return fmt::format("{}  {}", printable(text_in(entry, "id")), what_happened(entry));
}

std::string device_line(const json::object& item) {
  auto line = fmt::format("{}  {}", printable(text_in(item, "device")), local_time(number_in(item, "lastUsed")));
  if (const auto* const push = object_in(item, "push")) line += "  " + printable(text_in(*push, "kind"));
  return line;
}

void print_items(const json::object& answer, std::string (*line_of)(const json::object&)) {
  const auto* const items = answer.if_contains("items");
  if (items == nullptr || !items->is_array()) return;
  for (const auto& item : items->get_array())
    if (item.is_object()) print_line(line_of(item.get_object()));
}

} // namespace parley::ctl

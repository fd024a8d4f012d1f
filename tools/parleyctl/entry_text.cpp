#include "tools/parleyctl/entry_text.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "tools/parleyctl/json_fields.hpp"

namespace parley::ctl {

namespace json = boost::json;

namespace {

std::string message_text(const json::object& entry) {
  if (flag_in(entry, "deleted")) return "(deleted)";
  std::string text{text_in(entry, "text")};
  if (const auto* const files = entry.if_contains("attachments"); files != nullptr && files->is_array())
    text += fmt::format("{}({} attached)", text.empty() ? "" : " ", files->get_array().size());
  if (text.empty() && entry.contains("data")) text = "(data)";
  return text;
}

std::string member_text(const json::object& entry) {
  std::string users;
  if (const auto* const list = entry.if_contains("users"); list != nullptr && list->is_array()) {
    for (const auto& user : list->get_array())
      if (user.is_string()) users.append(" ").append(user.get_string());
  }
  const auto role = text_in(entry, "role");
  return fmt::format("({}{}{}{})", text_in(entry, "action"), users, role.empty() ? "" : " as ", role);
}

} // namespace

bool is_entry(std::string_view type) {
  constexpr std::array<std::string_view, 6> types{"message", "edited", "deleted", "reaction", "member", "updated"};
  return std::find(types.begin(), types.end(), type) != types.end();
}

std::string entry_text(const json::object& entry) {
  const auto type = text_in(entry, "type");
  if (type == "message") return message_text(entry);
  if (type == "edited") return fmt::format("(edited {}) {}", number_in(entry, "target"), text_in(entry, "text"));
  if (type == "deleted") return fmt::format("(deleted {})", number_in(entry, "target"));
  if (type == "member") return member_text(entry);
  if (type == "reaction")
    return fmt::format("({} {} {} {})", flag_in(entry, "on") ? "put" : "took back", text_in(entry, "key"),
                       flag_in(entry, "on") ? "on" : "from", number_in(entry, "target"));
  return "(changed the settings)";
}

std::string printable(std::string_view text) {
  std::string safe;
  safe.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    const auto next = i + 1 < text.size() ? static_cast<unsigned char>(text[i + 1]) : 0;
    const auto is_c1 = c == 0xc2 && next >= 0x80 && next < 0xa0; // U+0080 to U+009F, which terminals obey as well
    if (c == '\n')
      safe += "⏎";
    else if (c == '\t')
      safe += ' ';
    else if (c < 0x20 || c == 0x7f || is_c1)
      safe += "\ufffd";
    else
      safe += text[i];
    if (is_c1) ++i;
  }
  return safe;
}

} // namespace parley::ctl

#include "net/rest/file_headers.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "net/auth/code_points.hpp"

namespace parley::net {

namespace {

constexpr std::string_view unknown_type = "application/octet-stream";
constexpr std::size_t media_type_bytes_max = 127;

struct harmless_type {
  std::string_view mime;
  std::string_view served;
  bool is_image = false;
};

// SVG and HTML can run scripts, so they are not here.
constexpr std::array<harmless_type, 18> harmless_types{{
    {"image/png", "image/png", true},
    {"image/jpeg", "image/jpeg", true},
    {"image/gif", "image/gif", true},
    {"image/webp", "image/webp", true},
    {"image/avif", "image/avif", true},
    {"image/bmp", "image/bmp", true},
    {"audio/mpeg", "audio/mpeg"},
    {"audio/mp4", "audio/mp4"},
    {"audio/aac", "audio/aac"},
    {"audio/ogg", "audio/ogg"},
    {"audio/webm", "audio/webm"},
    {"audio/wav", "audio/wav"},
    {"video/mp4", "video/mp4"},
    {"video/webm", "video/webm"},
    {"video/ogg", "video/ogg"},
    {"video/quicktime", "video/quicktime"},
    {"application/pdf", "application/pdf"},
    {"text/plain", "text/plain; charset=utf-8"},
}};

const harmless_type* find_harmless(std::string_view mime) {
  const auto found = std::find_if(harmless_types.begin(), harmless_types.end(),
                                  [&](const harmless_type& each) { return each.mime == mime; });
  return found == harmless_types.end() ? nullptr : &*found;
}

/// Marks that turn the direction of what follows, by which `exe.txt` may be shown for what ends in `txt.exe`.
bool turns_direction(char32_t point) {
  return (point >= 0x202a && point <= 0x202e) || (point >= 0x2066 && point <= 0x2069);
}

bool is_letter_or_digit(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// RFC 6838, section 4.2.
bool is_type_character(char c) {
  return is_letter_or_digit(c) || std::string_view{"!#$&-^_.+"}.find(c) != std::string_view::npos;
}

bool is_type_name(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_type_character);
}

/// `attr-char` of RFC 8187.
bool is_plain(char c) {
  return is_letter_or_digit(c) || std::string_view{"!#$&+-.^_`|~"}.find(c) != std::string_view::npos;
}

std::string percent_encoded(std::string_view text) {
  std::string out;
  for (const auto c : text) {
    if (is_plain(c))
      out.push_back(c);
    else
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

/// For readers that do not know `filename*`: no quotes, no escapes, ASCII alone.
std::string simplified(std::string_view name) {
  std::string out;
  for (const auto c : name) {
    const auto is_shown = c >= 0x20 && c < 0x7f && c != '"' && c != '\\' && c != '%';
    out.push_back(is_shown ? c : '_');
  }
  return out;
}

} // namespace

result<std::string> clean_file_name(std::string_view given) {
  if (const auto folder_end = given.find_last_of("/\\"); folder_end != std::string_view::npos)
    given.remove_prefix(folder_end + 1);
  std::string name;
  while (!given.empty()) {
    const auto before = given;
    const auto point = take_code_point(given);
    if (!point) return fail(errc::invalid_argument, "name is not Unicode text", "name");
    const auto written = before.substr(0, before.size() - given.size());
    if (is_control(*point) || turns_direction(*point)) continue;
    if (name.size() + written.size() <= file_name_bytes_max) name += written;
  }
  if (name == "." || name == "..") name.clear();
  return name;
}

std::string media_type(std::string_view content_type) {
  auto text = content_type.substr(0, content_type.find(';'));
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  const auto slash = std::min(text.find('/'), text.size());
  const auto is_known = text.size() <= media_type_bytes_max && is_type_name(text.substr(0, slash)) &&
                        slash < text.size() && is_type_name(text.substr(slash + 1));
  std::string mime{is_known ? text : unknown_type};
  for (auto& c : mime)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
  return mime;
}

std::string_view served_type(std::string_view mime) {
  const auto* harmless = find_harmless(mime);
  return harmless ? harmless->served : unknown_type;
}

std::string content_disposition(std::string_view mime, std::string_view name) {
  const auto* harmless = find_harmless(mime);
  std::string value{harmless && harmless->is_image ? "inline" : "attachment"};
  if (!name.empty())
    value += fmt::format("; filename=\"{}\"; filename*=UTF-8''{}", simplified(name), percent_encoded(name));
  return value;
}

} // namespace parley::net

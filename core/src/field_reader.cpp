#include "core/src/field_reader.hpp"

#include <algorithm>
#include <charconv>

#include <parley/json_text.hpp>

namespace parley {

namespace {

/// JSON text that is the same for equal JSON values: names sorted, whole numbers without a fraction.
void append_canonical(std::string& out, const json::value& value) {
  if (const auto* object = value.if_object()) {
    std::vector<const json::key_value_pair*> fields;
    for (const auto& field : *object) fields.push_back(&field);
    std::sort(fields.begin(), fields.end(), [](auto* one, auto* other) { return one->key() < other->key(); });
    out.push_back('{');
    for (const auto* field : fields) {
      if (out.back() != '{') out.push_back(',');
      append_quoted(out, {field->key().data(), field->key().size()});
      out.push_back(':');
      append_canonical(out, field->value());
    }
    out.push_back('}');
  } else if (const auto* array = value.if_array()) {
    out.push_back('[');
    for (const auto& element : *array) {
      if (out.back() != '[') out.push_back(',');
      append_canonical(out, element);
    }
    out.push_back(']');
  } else if (const auto* number = value.if_double();
             number && std::trunc(*number) == *number && std::abs(*number) <= static_cast<double>(number_max)) {
    append_number(out, static_cast<std::int64_t>(*number));
  } else {
    out.append(json::serialize(value));
  }
}

/// Whether a key, as it stands between its quotes, means `name`: it may be written with escapes.
bool spells(std::string_view key, std::string_view name) {
  if (key.find('\\') == std::string_view::npos) return key == name;
  boost::system::error_code problem;
  const auto read = json::parse(fmt::format("\"{}\"", key), problem);
  return !problem && view(read.get_string()) == name;
}

std::string_view without_space(std::string_view text) {
  constexpr std::string_view space = " \t\r\n";
  const auto first = text.find_first_not_of(space);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(space) - first + 1);
}

/// Turns escapes of lone surrogates into `\u0000`, so that the text parses and the field at fault can be named.
std::string without_lone_surrogates(std::string_view text) {
  std::string out{text};
  const auto unit_at = [&](std::size_t i) -> unsigned {
    if (i + 6 > out.size() || out[i] != '\\' || out[i + 1] != 'u') return 0;
    unsigned unit = 0;
    const auto [end, problem] = std::from_chars(out.data() + i + 2, out.data() + i + 6, unit, 16);
    return problem == std::errc{} && end == out.data() + i + 6 ? unit : 0;
  };
  const auto is_high = [](unsigned unit) { return unit >= 0xd800 && unit < 0xdc00; };
  const auto is_low = [](unsigned unit) { return unit >= 0xdc00 && unit < 0xe000; };
  for (std::size_t i = 0; i + 1 < out.size(); ++i) {
    if (out[i] != '\\') continue;
    const auto unit = unit_at(i);
    if (is_high(unit) && is_low(unit_at(i + 6))) {
      i += 11;
    } else if (is_high(unit) || is_low(unit)) {
      out.replace(i + 2, 4, "0000");
      i += 5;
    } else {
      ++i;
    }
  }
  return out;
}

} // namespace

std::string json_quoted(std::string_view text) {
  std::string out;
  append_quoted(out, text);
  return out;
}

bool has_nul(const json::value& value) {
  switch (value.kind()) {
  case json::kind::string: return view(value.get_string()).find('\0') != std::string_view::npos;
  case json::kind::array: return std::any_of(value.get_array().begin(), value.get_array().end(), has_nul);
  case json::kind::object:
    return std::any_of(value.get_object().begin(), value.get_object().end(), [](const json::key_value_pair& field) {
      return field.key().find('\0') != json::string_view::npos || has_nul(field.value());
    });
  default: return false;
  }
}

std::string canonical(const json::value& value) {
  std::string out;
  append_canonical(out, value);
  return out;
}

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

std::size_t length_as_sent(std::string_view text, std::string_view name) {
  std::size_t depth = 0, start = 0, length = 0;
  auto in_string = false, at_key = false, matches = false;
  std::size_t string_start = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      if (c != '"') continue;
      in_string = false;
      if (depth == 1 && at_key) matches = spells(text.substr(string_start, i - string_start), name);
      continue;
    }
    switch (c) {
    case '"':
      in_string = true;
      string_start = i + 1;
      break;
    case '{':
    case '[': at_key = ++depth == 1; break;
    case ':':
      if (depth == 1) {
        at_key = false;
        start = i + 1;
      }
      break;
    case ',':
    case '}':
    case ']':
      if (depth == 1) {
        if (matches) length = without_space(text.substr(start, i - start)).size();
        matches = false;
        at_key = true;
      }
      if (c != ',') --depth;
      break;
    default: break;
    }
  }
  return length;
}

result<json::object> parse_object(std::string_view text, std::size_t depth_max) {
  json::parse_options options;
  options.max_depth = depth_max;
  boost::system::error_code problem;
  auto value = json::parse(json::string_view{text.data(), text.size()}, problem, {}, options);
  if (problem && text.find("\\u") != std::string_view::npos) {
    const auto mended = without_lone_surrogates(text);
    if (mended != text) value = json::parse(mended, problem, {}, options);
  }
  if (problem == json::error::too_deep)
    return fail(errc::bad_frame, fmt::format("JSON may be nested {} deep at most", depth_max));
  if (problem) return fail(errc::bad_frame, fmt::format("not valid JSON: {}", problem.message()));
  if (!value.is_object()) return fail(errc::bad_frame, "a frame is a JSON object");
  return std::move(value.get_object());
}

} // namespace parley

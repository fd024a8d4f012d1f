#include <parley/codec.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

#include <boost/json.hpp>
#include <fmt/format.h>

#include <parley/fingerprint.hpp>
#include <parley/json_text.hpp>

namespace parley {

namespace {

namespace json = boost::json;

constexpr std::uint64_t number_max = (std::uint64_t{1} << 53) - 1;
constexpr std::size_t depth_max = 32;
constexpr std::size_t ref_characters_max = 64;

std::string_view view(const json::string& text) { return {text.data(), text.size()}; }
std::string quoted(std::string_view text) {
  std::string out;
  append_quoted(out, text);
  return out;
}

/// Whether a string anywhere in `value` contains U+0000.
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

std::string canonical(const json::value& value) {
  std::string out;
  append_canonical(out, value);
  return out;
}

/// Counts code points of valid UTF-8.
std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; }));
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

/// The length of the value of the field `name` of a JSON object, as written. `text` is known to be valid JSON.
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

result<json::object> parse_object(std::string_view text) {
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

/// The fields of one object. The first thing wrong is remembered and every later look-up does nothing, so a reader can
/// take all fields and ask once at the end.
class field_reader {
public:
  explicit field_reader(const json::object& object) : object_{object} {}

  const json::value* find(std::string_view name) const {
    return object_.if_contains(json::string_view{name.data(), name.size()});
  }
  bool has(std::string_view name) const { return find(name) != nullptr; }

  std::optional<std::string_view> text(std::string_view name,
                                       std::size_t bytes_max = std::numeric_limits<std::size_t>::max()) {
    const auto* value = take(name);
    if (!value) return std::nullopt;
    if (!value->is_string()) return refuse(name, "must be a string");
    const auto content = view(value->get_string());
    if (has_nul(*value)) return refuse(name, "must be Unicode without U+0000 and lone surrogates");
    if (content.size() > bytes_max)
      return refuse(name, fmt::format("may have {} bytes at most", bytes_max), errc::too_large);
    return content;
  }

  std::optional<std::uint64_t> number(std::string_view name, std::uint64_t least, std::uint64_t most) {
    const auto* value = take(name);
    if (!value) return std::nullopt;
    std::uint64_t number = 0;
    if (value->is_int64() && value->get_int64() >= 0)
      number = static_cast<std::uint64_t>(value->get_int64());
    else if (value->is_uint64())
      number = value->get_uint64();
    else if (value->is_double() && value->get_double() >= 0 && value->get_double() <= static_cast<double>(number_max) &&
             std::trunc(value->get_double()) == value->get_double())
      number = static_cast<std::uint64_t>(value->get_double());
    else
      return refuse(name, "must be a whole number, not negative");
    if (number < least || number > most) return refuse(name, fmt::format("must be {} to {}", least, most));
    return number;
  }

  bool flag(std::string_view name, bool otherwise) {
    const auto* value = take(name);
    if (!value) return otherwise;
    if (!value->is_bool()) {
      refuse(name, "must be true or false");
      return otherwise;
    }
    return value->get_bool();
  }

  const json::object* object(std::string_view name) {
    const auto* value = take(name);
    if (!value) return nullptr;
    if (!value->is_object())
      refuse(name, "must be an object");
    else if (has_nul(*value))
      refuse(name, "must be Unicode without U+0000 and lone surrogates");
    else
      return &value->get_object();
    return nullptr;
  }

  const json::array* array(std::string_view name) {
    const auto* value = take(name);
    if (!value) return nullptr;
    if (value->is_array()) return &value->get_array();
    refuse(name, "must be an array");
    return nullptr;
  }

  /// An id in text form, by its own parser.
  template <class Id>
  std::optional<Id> id(std::string_view name, result<Id> (*parse)(std::string_view, std::string_view)) {
    const auto written = text(name);
    if (!written) return std::nullopt;
    return taken(parse(*written, name));
  }

  std::vector<user_id> users(std::string_view name) {
    std::vector<user_id> found;
    if (const auto* items = array(name)) {
      for (const auto& item : *items) {
        if (!item.is_string()) {
          refuse(name, "must hold user ids");
          return {};
        }
        auto user = taken(parse_user_id(view(item.get_string()), name));
        if (!user) return {};
        found.push_back(std::move(*user));
      }
    }
    return found;
  }

  template <class T> std::optional<T> taken(result<T> outcome) {
    if (outcome) return std::move(*outcome);
    if (!problem_) problem_ = std::move(outcome.error());
    return std::nullopt;
  }

  std::nullopt_t refuse(std::string_view name, std::string_view why, errc code = errc::invalid_argument) {
    if (!problem_) problem_ = error{code, fmt::format("{} {}", name, why), std::string{name}, {}};
    return std::nullopt;
  }

  /// Refuses when the field is not there.
  void need(std::string_view name) {
    if (!has(name)) refuse(name, "is missing");
  }

  const std::optional<error>& problem() const { return problem_; }

private:
  const json::value* take(std::string_view name) const { return problem_ ? nullptr : find(name); }

  const json::object& object_;
  std::optional<error> problem_;
};

std::optional<client_ref> read_client(field_reader& fields) {
  const auto written = fields.text("clientId");
  if (!written) return std::nullopt;
  const auto id = fields.taken(parse_client_id(*written));
  if (!id) return std::nullopt;
  return client_ref{*id, std::string{*written}};
}

/// The application's own object, or empty; bounded as it was sent.
const json::object* read_data(field_reader& fields, std::string_view whole, const content_limits& limits) {
  const auto* data = fields.object("data");
  if (data && whole.size() > limits.data_bytes && length_as_sent(whole, "data") > limits.data_bytes)
    fields.refuse("data", fmt::format("may have {} bytes at most", limits.data_bytes), errc::too_large);
  return data;
}

message_content read_content(field_reader& fields, std::string_view whole, const content_limits& limits) {
  message_content content;
  std::string& body = content.body;
  body.push_back('{');
  const auto add = [&](std::string_view name, std::string_view value) {
    if (body.size() > 1) body.push_back(',');
    body.append(fmt::format("\"{}\":{}", name, value));
  };

  const auto text = fields.text("text", limits.text_bytes);
  if (text) add("text", quoted(*text));
  const auto* data = read_data(fields, whole, limits);
  const auto data_from = body.size();
  if (data) add("data", json::serialize(*data));
  const auto data_to = body.size();
  if (const auto reply_to = fields.number("replyTo", 1, number_max)) {
    content.reply_to = *reply_to;
    add("replyTo", fmt::to_string(*reply_to));
  }
  if (fields.has("mentions")) {
    content.mentions = fields.users("mentions");
    if (content.mentions.size() > limits.mentions)
      fields.refuse("mentions", fmt::format("may name {} members at most", limits.mentions));
    std::string list{"["};
    for (const auto& user : content.mentions) {
      if (list.size() > 1) list.push_back(',');
      append_quoted(list, user.value);
    }
    add("mentions", list + "]");
  }
  if (const auto* attachments = fields.array("attachments"); attachments && !attachments->empty())
    fields.refuse("attachments", "are not supported by this server yet");
  content.silent = fields.flag("silent", false);
  if (content.silent) add("silent", "true");
  body.push_back('}');

  if ((!text || text->empty()) && !data) fields.refuse("text", "or data must be there");

  if (data) {
    auto same = body;
    same.replace(data_from, data_to - data_from, canonical(*data));
    content.print = fingerprint_of(same);
  } else {
    content.print = fingerprint_of(body);
  }
  return content;
}

client_request read_auth(field_reader& fields) {
  fields.need("token");
  return auth_request{std::string{fields.text("token").value_or("")}};
}

client_request read_send(field_reader& fields, std::string_view whole, const content_limits& limits) {
  send_request send;
  send.to = fields.id<user_id>("to", parse_user_id);
  send.conversation = fields.id<conversation_id>("conversation", parse_conversation_id);
  if (fields.has("to") && fields.has("conversation")) fields.refuse("to", "and conversation exclude each other");
  if (!fields.has("to") && !fields.has("conversation")) fields.refuse("conversation", "or to must be there");
  send.client = read_client(fields);
  send.echo = fields.flag("echo", true);
  send.content = read_content(fields, whole, limits);
  return send;
}

client_request read_positions(field_reader& fields, bool read, const content_limits& limits) {
  positions_request request{.read = read, .is_private = read && fields.flag("private", false), .positions = {}};
  if (!fields.has("positions")) {
    fields.need("conversation");
    fields.need("seq");
    const auto conversation = fields.id<conversation_id>("conversation", parse_conversation_id);
    const auto seq = fields.number("seq", 0, number_max);
    if (conversation && seq) request.positions.push_back({*conversation, *seq});
    return request;
  }
  const auto* items = fields.array("positions");
  if (!items) return request;
  if (items->size() > limits.positions)
    fields.refuse("positions", fmt::format("may hold {} at most", limits.positions), errc::too_many);
  for (const auto& item : *items) {
    if (!item.is_object()) {
      fields.refuse("positions", "must hold objects");
      break;
    }
    field_reader inner{item.get_object()};
    inner.need("conversation");
    inner.need("seq");
    const auto conversation = inner.id<conversation_id>("conversation", parse_conversation_id);
    const auto seq = inner.number("seq", 0, number_max);
    if (inner.problem()) {
      fields.refuse("positions", inner.problem()->detail);
      break;
    }
    request.positions.push_back({*conversation, *seq});
  }
  return request;
}

client_request read_create(field_reader& fields, std::string_view whole, const content_limits& limits) {
  create_request create;
  create.client = read_client(fields);
  create.title = std::string{fields.text("title", limits.title_bytes).value_or("")};
  fields.need("members");
  create.members = fields.users("members");
  if (create.members.size() > limits.members)
    fields.refuse("members", fmt::format("may be {} at most", limits.members), errc::too_many);
  if (const auto policy = fields.text("history")) {
    if (*policy == "joined")
      create.history = history_policy::joined;
    else if (*policy != "all")
      fields.refuse("history", "must be all or joined");
  }
  if (const auto mode = fields.text("mode")) {
    if (*mode == "pull")
      create.mode = delivery_mode::pull;
    else if (*mode != "push")
      fields.refuse("mode", "must be push or pull");
  }
  const auto* data = read_data(fields, whole, limits);
  if (data) create.data = json::serialize(*data);

  auto same = fmt::format("{} {} {} {}", quoted(create.title), to_string(create.history), to_string(create.mode),
                          data ? canonical(*data) : "");
  for (const auto& user : create.members) same.append(" ").append(user.value);
  create.print = fingerprint_of(same);
  return create;
}

client_request read_conversations(field_reader& fields) {
  conversations_request request;
  if (const auto next = fields.text("after")) {
    request.after = decode_list_position(*next);
    if (!request.after) fields.refuse("after", "must be the `next` of an earlier answer");
  }
  request.limit = fields.number("limit", 1, 100).value_or(50);
  return request;
}

conversation_id read_conversation_id(field_reader& fields) {
  fields.need("conversation");
  return fields.id<conversation_id>("conversation", parse_conversation_id).value_or(conversation_id{});
}

client_request read_members(field_reader& fields) {
  members_request request{.conversation = read_conversation_id(fields)};
  request.after = fields.id<user_id>("after", parse_user_id);
  request.limit = fields.number("limit", 1, 200).value_or(100);
  return request;
}

client_request read_history(field_reader& fields) {
  history_request request{.conversation = read_conversation_id(fields)};
  request.before = fields.number("before", 0, number_max);
  request.after = fields.number("after", 0, number_max);
  request.around = fields.number("around", 0, number_max);
  request.limit = fields.number("limit", 1, 200).value_or(50);
  if (fields.has("before") + fields.has("after") + fields.has("around") > 1)
    fields.refuse(fields.has("before") ? "before" : "after", "excludes the other directions");
  return request;
}

result<client_request> read_request(std::string_view type, field_reader& fields, std::string_view whole,
                                    const content_limits& limits) {
  if (type == "send") return read_send(fields, whole, limits);
  if (type == "received") return read_positions(fields, false, limits);
  if (type == "read") return read_positions(fields, true, limits);
  if (type == "ping") return ping_request{};
  if (type == "history") return read_history(fields);
  if (type == "auth") return read_auth(fields);
  if (type == "create") return read_create(fields, whole, limits);
  if (type == "conversations") return read_conversations(fields);
  if (type == "conversation") return conversation_request{read_conversation_id(fields)};
  if (type == "members") return read_members(fields);
  return fail(errc::unknown_type, fmt::format("there is no type {}", quoted(type.substr(0, 64))), "type");
}

std::optional<member_change::action_kind> parse_action(std::string_view text) {
  using enum member_change::action_kind;
  for (const auto action : {create, add, remove, leave, role})
    if (to_string(action) == text) return action;
  return std::nullopt;
}

} // namespace

client_frame decode_frame(std::string_view text, const content_limits& limits) {
  const auto object = parse_object(text);
  if (!object) return {"", fail(object.error())};
  field_reader fields{*object};

  const auto ref = fields.text("ref");
  if (ref && characters(*ref) > ref_characters_max)
    fields.refuse("ref", fmt::format("may have {} characters at most", ref_characters_max));
  if (fields.problem()) return {"", fail(*fields.problem())};
  client_frame frame{std::string{ref.value_or("")}, fail(errc::internal, "")};

  fields.need("type");
  const auto type = fields.text("type");
  if (fields.problem()) {
    frame.request = fail(*fields.problem());
    return frame;
  }
  frame.request = read_request(*type, fields, text, limits);
  if (frame.request && fields.problem()) frame.request = fail(*fields.problem());
  return frame;
}

result<member_change> decode_member_change(std::string_view body) {
  const auto object = parse_object(body);
  if (!object) return fail(object.error());
  field_reader fields{*object};
  member_change change;
  const auto action = parse_action(fields.text("action").value_or(""));
  if (!action)
    fields.refuse("action", "is unknown");
  else
    change.action = *action;
  change.users = fields.users("users");
  if (const auto written = fields.text("role")) change.new_role = parse_role(*written);
  change.title = std::string{fields.text("title").value_or("")};
  if (fields.text("history") == "joined") change.history = history_policy::joined;
  if (fields.text("mode") == "pull") change.mode = delivery_mode::pull;
  if (const auto* data = fields.object("data")) change.data = json::serialize(*data);
  if (fields.problem()) return fail(*fields.problem());
  return change;
}

result<credentials> decode_credentials(std::string_view text) {
  const auto object = parse_object(text);
  if (!object) return fail(object.error());
  field_reader fields{*object};
  fields.need("user");
  fields.need("password");
  credentials given;
  given.user = std::string{fields.text("user").value_or("")};
  given.password = std::string{fields.text("password").value_or("")};
  given.name = std::string{fields.text("name").value_or("")};
  given.device = fields.id<device_id>("device", parse_device_id);
  if (fields.problem()) return fail(*fields.problem());
  return given;
}

result<std::string> decode_refresh(std::string_view text) {
  const auto object = parse_object(text);
  if (!object) return fail(object.error());
  field_reader fields{*object};
  fields.need("refreshToken");
  auto token = std::string{fields.text("refreshToken").value_or("")};
  if (fields.problem()) return fail(*fields.problem());
  return token;
}

std::string encode_list_position(const list_position& place) {
  return fmt::format("{}.{}", to_millis(place.at), to_string(place.conversation));
}

std::optional<list_position> decode_list_position(std::string_view text) {
  const auto dot = text.find('.');
  if (dot == std::string_view::npos) return std::nullopt;
  std::int64_t millis = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + dot, millis);
  const auto id = parse_uuid(text.substr(dot + 1));
  if (problem != std::errc{} || end != text.data() + dot || !id) return std::nullopt;
  return list_position{from_millis(millis), {*id}};
}

} // namespace parley

#include <parley/rest_codec.hpp>

#include <fmt/format.h>

#include <parley/object_writer.hpp>

#include "core/src/field_reader.hpp"

namespace parley {

namespace {

bool is_web_address(std::string_view text) { return text.starts_with("https://") || text.starts_with("http://"); }

/// A text that is there and not empty.
std::string_view need_text(field_reader& fields, std::string_view name) {
  fields.need(name);
  const auto text = fields.text(name).value_or("");
  if (text.empty()) fields.refuse(name, "must not be empty");
  return text;
}

void need_address(field_reader& fields, std::string_view name) {
  if (!is_web_address(need_text(fields, name))) fields.refuse(name, "must be an http or https address");
}

/// What is wrong with a push target, if anything.
std::optional<error> check_push(const json::object& push) {
  field_reader fields{push};
  const auto kind = need_text(fields, "kind");
  if (kind == "webpush") {
    need_address(fields, "endpoint");
    fields.need("keys");
    if (const auto* keys = fields.object("keys")) {
      field_reader inner{*keys};
      need_text(inner, "p256dh");
      need_text(inner, "auth");
      if (inner.problem()) return inner.problem();
    }
  } else if (kind == "fcm" || kind == "apns") {
    need_text(fields, "token");
  } else if (kind == "webhook") {
    need_address(fields, "url");
  } else {
    fields.refuse("kind", "must be webpush, fcm, apns or webhook");
  }
  return fields.problem();
}

object_writer start_of(const account& user) {
  object_writer out;
  out.text("user", user.user.value).text("name", user.name);
  return out;
}

} // namespace

result<std::string> decode_profile(std::string_view text) {
  const auto object = parse_object(text);
  if (!object) return fail(object.error());
  field_reader fields{*object};
  fields.need("name");
  auto name = std::string{fields.text("name").value_or("")};
  if (fields.problem()) return fail(*fields.problem());
  return name;
}

result<device_update> decode_device_update(std::string_view text) {
  const auto object = parse_object(text);
  if (!object) return fail(object.error());
  field_reader fields{*object};
  device_update update;
  if (const auto* given = fields.find("push"); given && given->is_null()) {
    update.push = "";
  } else if (const auto* push = fields.object("push")) {
    if (const auto wrong = check_push(*push)) fields.refuse("push", wrong->detail);
    update.push = json::serialize(*push);
    if (update.push->size() > push_bytes_max)
      fields.refuse("push", fmt::format("may have {} bytes at most", push_bytes_max), errc::too_large);
  }
  if (fields.problem()) return fail(*fields.problem());
  return update;
}

std::string encode_user(const account& user) { return start_of(user).close(); }

std::string encode_users(std::span<const account> users) {
  object_writer out;
  out.array("items", users, [](std::string& to, const account& user) { to.append(encode_user(user)); });
  return std::move(out).close();
}

std::string encode_profile(const account& self) {
  auto out = start_of(self);
  out.number("createdAt", to_millis(self.created_at));
  return std::move(out).close();
}

std::string encode_device(const device& item) {
  object_writer out;
  out.text("device", item.id.value);
  if (!item.push.empty()) out.raw("push", item.push);
  out.number("lastUsed", to_millis(item.last_used));
  return std::move(out).close();
}

std::string encode_devices(std::span<const device> items) {
  object_writer out;
  out.array("items", items, [](std::string& to, const device& item) { to.append(encode_device(item)); });
  return std::move(out).close();
}

std::string encode_file(const stored_file& file) {
  object_writer out;
  out.text("file", to_string(file.id)).text("name", file.name).number("size", file.size).text("mime", file.mime);
  out.text("sha256", to_hex(file.sha256));
  return std::move(out).close();
}

std::string to_hex(std::span<const std::uint8_t> bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const auto byte : bytes) {
    text.push_back(digits[byte >> 4]);
    text.push_back(digits[byte & 15]);
  }
  return text;
}

} // namespace parley

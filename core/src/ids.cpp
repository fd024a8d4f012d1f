#include <parley/ids.hpp>

#include <algorithm>

#include <fmt/format.h>

namespace parley {

namespace {

bool is_letter_or_digit(char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

bool consists_of(std::string_view text, std::string_view marks) {
  return std::all_of(text.begin(), text.end(),
                     [&](char c) { return is_letter_or_digit(c) || marks.find(c) != std::string_view::npos; });
}

template <class Id> result<Id> parse_binary_id(std::string_view text, std::string_view field) {
  const auto id = parse_uuid(text);
  if (!id)
    return fail(errc::invalid_argument, fmt::format("{} must be a UUID in text form", field), std::string{field});
  return Id{*id};
}

} // namespace

result<user_id> parse_user_id(std::string_view text, std::string_view field) {
  const auto fits =
      !text.empty() && text.size() <= 128 && is_letter_or_digit(text.front()) && consists_of(text, "._@+-");
  if (!fits)
    return fail(errc::invalid_argument,
                fmt::format("{} must be 1 to 128 of A-Z a-z 0-9 . _ @ + - and begin with a letter or digit", field),
                std::string{field});
  return user_id{std::string{text}};
}

result<device_id> parse_device_id(std::string_view text, std::string_view field) {
  if (text.empty() || text.size() > 64 || !consists_of(text, "._-"))
    return fail(errc::invalid_argument, fmt::format("{} must be 1 to 64 of A-Z a-z 0-9 . _ -", field),
                std::string{field});
  return device_id{std::string{text}};
}

result<conversation_id> parse_conversation_id(std::string_view text, std::string_view field) {
  return parse_binary_id<conversation_id>(text, field);
}

result<client_id> parse_client_id(std::string_view text, std::string_view field) {
  return parse_binary_id<client_id>(text, field);
}

result<file_id> parse_file_id(std::string_view text, std::string_view field) {
  return parse_binary_id<file_id>(text, field);
}

conversation_id direct_conversation(const user_id& one, const user_id& other) {
  const auto& [low, high] = std::minmax(one.value, other.value);
  // No user id contains a space, so the name takes apart in one way only.
  return {named_uuid(fmt::format("direct {} {}", low, high))};
}

std::string session_name(std::string_view node, const session_id& id) {
  return fmt::format("s-{}-{}", node, to_string(id));
}

std::optional<session_id> parse_session_name(std::string_view name) {
  constexpr std::size_t id_size = 36;
  // The node may contain dashes too.
  if (!name.starts_with("s-") || name.size() < id_size + 4 || name[name.size() - id_size - 1] != '-')
    return std::nullopt;
  const auto id = parse_uuid(name.substr(name.size() - id_size));
  return id ? std::optional{session_id{*id}} : std::nullopt;
}

} // namespace parley

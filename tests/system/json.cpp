#include "tests/system/json.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <ostream>
#include <stdexcept>

namespace parley::tests {

namespace {

namespace bj = boost::json;

/// Deeper than any frame, so that what a test says about depth is up to the server.
constexpr std::size_t depth_max = 128;

std::shared_ptr<const bj::value> read(std::string_view text) {
  bj::parse_options options;
  options.max_depth = depth_max;
  boost::system::error_code failed;
  auto value = bj::parse({text.data(), text.size()}, failed, {}, options);
  if (failed) return nullptr;
  return std::make_shared<const bj::value>(std::move(value));
}

} // namespace

json json::parse(std::string_view text) {
  auto value = parse_if(text);
  if (!value.exists()) throw std::runtime_error{fmt::format("not JSON: {}", text)};
  return value;
}

json json::parse_if(std::string_view text) { return json{read(text)}; }

bool json::is_object() const { return value_ && value_->is_object(); }
bool json::is_array() const { return value_ && value_->is_array(); }
bool json::is_text() const { return value_ && value_->is_string(); }

json json::within(const bj::value* part) const {
  return part == nullptr ? json{} : json{std::shared_ptr<const bj::value>{value_, part}};
}

json json::operator[](std::string_view field) const {
  return is_object() ? within(value_->get_object().if_contains({field.data(), field.size()})) : json{};
}

json json::operator[](std::size_t index) const {
  return is_array() ? within(value_->get_array().if_contains(index)) : json{};
}

std::size_t json::size() const {
  if (is_array()) return value_->get_array().size();
  return is_object() ? value_->get_object().size() : 0;
}

std::vector<json> json::items() const {
  std::vector<json> all;
  for (std::size_t i = 0; is_array() && i < size(); ++i) all.push_back((*this)[i]);
  return all;
}

std::vector<std::pair<std::string, json>> json::fields() const {
  std::vector<std::pair<std::string, json>> all;
  if (!is_object()) return all;
  for (const auto& field : value_->get_object())
    all.emplace_back(std::string{field.key().data(), field.key().size()}, within(&field.value()));
  return all;
}

std::string json::text() const {
  if (!is_text()) throw std::runtime_error{dump() + " is not a string"};
  const auto& text = value_->get_string();
  return {text.data(), text.size()};
}

std::int64_t json::number() const {
  const auto number = as_number();
  if (!number) throw std::runtime_error{dump() + " is not a whole number"};
  return *number;
}

std::string json::dump() const { return value_ ? bj::serialize(*value_) : "nothing"; }

bool json::equals(const json& other) const { return value_ && other.value_ && *value_ == *other.value_; }

std::optional<bool> json::as_flag() const {
  return value_ && value_->is_bool() ? std::optional{value_->get_bool()} : std::nullopt;
}

std::optional<std::int64_t> json::as_number() const {
  return value_ && value_->is_int64() ? std::optional{value_->get_int64()} : std::nullopt;
}

std::ostream& operator<<(std::ostream& out, const json& one) { return out << one.dump(); }

std::string quoted(std::string_view text) { return bj::serialize(bj::string{text.data(), text.size()}); }

} // namespace parley::tests

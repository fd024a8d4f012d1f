#include "tests/system/pattern.hpp"

#include <regex>

#include <fmt/format.h>

namespace parley::tests {

namespace {

const std::regex repetition{R"(<([^<>*]+)\*(\d+)>)"};
const std::regex name{R"(\$([a-z_]+))"};
const std::regex quoted_name{"\"\\$([a-z_]+)\""};
const std::regex uuid{"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"};

/// Nothing: `text` is no wildcard.
std::optional<bool> matches_kind(const std::string& text, const json& actual) {
  if (text == "<any>") return actual.exists();
  if (text == "<none>") return !actual.exists();
  if (text == "<text>") return actual.is_text();
  if (text == "<number>") return actual.is_number();
  if (text == "<uuid>") return actual.is_text() && std::regex_match(actual.text(), uuid);
  return std::nullopt;
}

template <class Replacement>
std::string replace_all(const std::string& text, const std::regex& what, Replacement with) {
  std::string out;
  auto rest = text.cbegin();
  for (std::sregex_iterator found{text.cbegin(), text.cend(), what}, end; found != end; ++found) {
    out.append(rest, (*found)[0].first).append(with(*found));
    rest = (*found)[0].second;
  }
  return out.append(rest, text.cend());
}

} // namespace

std::string captures::fill_in(std::string_view given) const {
  const auto text = replace_all(std::string{given}, repetition, [](const std::smatch& found) {
    std::string repeated;
    for (auto times = std::stoul(found[2]); times > 0; --times) repeated += found[1].str();
    return repeated;
  });
  const auto values = replace_all(text, quoted_name, [&](const std::smatch& found) {
    const auto value = known_.find(found[1].str());
    return value == known_.end() ? found[0].str() : value->second.dump();
  });
  return with_values(values, known_);
}

std::string captures::with_values(const std::string& text, const by_name& known) {
  return replace_all(text, name, [&](const std::smatch& found) {
    const auto value = known.find(found[1].str());
    if (value == known.end()) return found[0].str();
    return value->second.is_text() ? value->second.text() : value->second.dump();
  });
}

std::optional<std::string> captures::mismatch(const json& expected, const json& actual) {
  auto known = known_;
  auto difference = compare(expected, actual, "the frame", known);
  // Only what matched as a whole gives its values away.
  if (!difference) known_ = std::move(known);
  return difference;
}

std::optional<std::string> captures::compare(const json& expected, const json& actual, const std::string& place,
                                             by_name& known) {
  const auto differs = [&] { return fmt::format("{} is {}, not {}", place, actual.dump(), expected.dump()); };
  if (expected.is_text()) {
    const auto text = expected.text();
    std::smatch found;
    if (std::regex_match(text, found, name)) {
      const auto [value, is_new] = known.try_emplace(found[1].str(), actual);
      if (is_new ? actual.exists() : value->second == actual) return std::nullopt;
      return fmt::format("{} is {}, not {}", place, actual.dump(), is_new ? "there" : value->second.dump());
    }
    if (const auto fits = matches_kind(text, actual)) return *fits ? std::nullopt : std::optional{differs()};
    return actual == with_values(text, known) ? std::nullopt : std::optional{differs()};
  }
  if (expected.is_object()) {
    if (!actual.is_object()) return differs();
    for (const auto& [field, value] : expected.fields())
      if (auto difference = compare(value, actual[field], fmt::format("{}'s {}", place, field), known))
        return difference;
    return std::nullopt;
  }
  if (expected.is_array()) {
    if (!actual.is_array() || actual.size() != expected.size()) return differs();
    for (std::size_t i = 0; i < expected.size(); ++i)
      if (auto difference = compare(expected[i], actual[i], fmt::format("{}[{}]", place, i), known)) return difference;
    return std::nullopt;
  }
  return expected == actual ? std::nullopt : std::optional{differs()};
}

} // namespace parley::tests

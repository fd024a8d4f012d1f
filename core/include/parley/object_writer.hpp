/// Writing one JSON object, field by field.

#pragma once

#include <concepts>
#include <string>
#include <string_view>
#include <utility>

#include <parley/json_text.hpp>

namespace parley {

/// The fields stand in the order of the calls. `raw` takes what is JSON already.
class object_writer {
public:
  object_writer() { out_.push_back('{'); }
  explicit object_writer(std::string_view type) : object_writer{} { text("type", type); }

  object_writer& text(std::string_view name, std::string_view value) {
    key(name);
    append_quoted(out_, value);
    return *this;
  }
  object_writer& text_if(std::string_view name, std::string_view value) {
    return value.empty() ? *this : text(name, value);
  }
  template <std::integral Number> object_writer& number(std::string_view name, Number value) {
    key(name);
    append_number(out_, value);
    return *this;
  }
  object_writer& flag(std::string_view name, bool value) { return raw(name, value ? "true" : "false"); }
  object_writer& raw(std::string_view name, std::string_view json) {
    key(name);
    out_.append(json);
    return *this;
  }
  template <class Items, class Each> object_writer& array(std::string_view name, const Items& items, Each each) {
    key(name);
    out_.push_back('[');
    auto first = true;
    for (const auto& item : items) {
      if (!first) out_.push_back(',');
      first = false;
      each(out_, item);
    }
    out_.push_back(']');
    return *this;
  }
  /// Appends the fields of `object`, a JSON object.
  object_writer& splice(std::string_view object) {
    if (object.size() <= 2) return *this;
    if (out_.size() > 1) out_.push_back(',');
    out_.append(object.substr(1, object.size() - 2));
    return *this;
  }

  [[nodiscard]] std::string open() && { return std::move(out_); }
  [[nodiscard]] std::string close() && {
    out_.push_back('}');
    return std::move(out_);
  }

private:
  void key(std::string_view name) {
    if (out_.size() > 1) out_.push_back(',');
    out_.push_back('"');
    out_.append(name);
    out_.append("\":");
  }

  std::string out_;
};

} // namespace parley

/// One message while it is being read: takes values out of fields, makes links, and remembers what was wrong first.
///
/// A field that cannot be read gives the default of its type; who reads a message looks at `problem` at the end. So the
/// functions that read structs need no way out of their own.

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cluster/wire/fields.hpp"
#include "cluster/wire/message_codec.hpp"
#include "cluster/wire/numbers.hpp"

namespace parley::cluster::wire {

class reading {
public:
  explicit reading(const link_maker& links) : links_{links} {}

  template <class Value> [[nodiscard]] Value value(std::string_view bytes, std::string_view field) {
    Value read{};
    if (!from_wire(bytes, read)) refuse_bytes(field, bytes.size());
    return read;
  }

  /// All that stand in a repeated field.
  template <class Value, class Field>
  [[nodiscard]] std::vector<Value> values(const Field& repeated, std::string_view field) {
    std::vector<Value> read;
    read.reserve(static_cast<std::size_t>(repeated.size()));
    for (const auto& bytes : repeated) read.push_back(value<Value>(bytes, field));
    return read;
  }

  /// Ids that stand one behind the other.
  template <class Id> [[nodiscard]] std::vector<Id> unpacked(std::string_view bytes, std::string_view field) {
    if (bytes.size() % 16 != 0) refuse_bytes(field, bytes.size());
    std::vector<Id> read;
    read.reserve(bytes.size() / 16);
    for (; bytes.size() >= 16; bytes.remove_prefix(16)) read.push_back(value<Id>(bytes.substr(0, 16), field));
    return read;
  }

  /// One of an enum; `if_unset` where the sender did not say.
  template <class Enum, class Number> [[nodiscard]] Enum choice(Number number, Enum if_unset, std::string_view field) {
    if (number == Number{}) return if_unset;
    const auto known = from_wire(number);
    if (!known) refuse_number(field, static_cast<int>(number));
    return known.value_or(if_unset);
  }

  [[nodiscard]] actors::client_link_ptr link(const session_id& session) const {
    return links_ ? links_(session) : nullptr;
  }

  /// None of the alternatives of `field` that are known here is set.
  void refuse_absence(std::string_view field);

  [[nodiscard]] const std::optional<error>& problem() const { return problem_; }

private:
  void refuse_bytes(std::string_view field, std::size_t size);
  void refuse_number(std::string_view field, int number);
  void refuse(errc code, std::string detail);

  const link_maker& links_;
  std::optional<error> problem_;
};

} // namespace parley::cluster::wire

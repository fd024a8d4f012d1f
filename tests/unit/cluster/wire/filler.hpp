/// Fills any struct that travels, down to its last member.

#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <variant>
#include <vector>

#include "tests/unit/cluster/wire/members.hpp"

namespace parley::tests {

enum class filling {
  /// Everything as it is by default; pointers point to something.
  nothing,
  /// No member is as it is by default, no list is empty.
  everything,
  /// At random.
  anything,
};

class filler {
public:
  /// `number` is the seed; of what can be chosen, numbers one behind the other choose one behind the other.
  filler(filling how, std::uint64_t number, actors::client_link_ptr link)
      : how_{how}, number_{number}, link_{std::move(link)}, random_{number} {}

  template <has_members Struct> void fill(Struct& to) {
    std::apply([this](auto&... members) { (fill(members), ...); }, members(to));
  }

  void fill(bool& to);
  void fill(std::uint64_t& to);
  void fill(std::string& to);
  void fill(uuid& to);
  void fill(fingerprint& to);
  void fill(timestamp& to);
  void fill(std::chrono::milliseconds& to);
  void fill(errc& to) { choose(to, errc::bad_frame, errc::internal); }
  void fill(role& to) { choose(to, role::reader, role::owner); }
  void fill(history_policy& to) { choose(to, history_policy::all, history_policy::joined); }
  void fill(delivery_mode& to) { choose(to, delivery_mode::push, delivery_mode::pull); }
  void fill(presence_choice& to) { choose(to, presence_choice::online, presence_choice::invisible); }
  void fill(member_change::action_kind& to) {
    choose(to, member_change::action_kind::create, member_change::action_kind::role);
  }
  void fill(actors::client_link_ptr& to) { to = link_; }

  template <class Tag> void fill(text_id<Tag>& to) { fill(to.value); }
  template <class Tag> void fill(binary_id<Tag>& to) { fill(to.value); }

  template <class Value> void fill(std::optional<Value>& to) {
    if (how_ == filling::nothing || (how_ == filling::anything && below(3) == 0)) return;
    fill(to.emplace());
  }

  template <class Value> void fill(std::vector<Value>& to) {
    if (how_ == filling::nothing) return;
    to.resize(how_ == filling::everything ? 3 : below(6));
    for (auto& one : to) fill(one);
  }

  template <class... Values> void fill(std::variant<Values...>& to) {
    const auto wanted = how_ == filling::anything ? below(sizeof...(Values)) : number_ % sizeof...(Values);
    std::size_t index = 0;
    ((index++ == wanted ? fill(to.template emplace<Values>()) : void()), ...);
  }

  template <class Value> void fill(std::shared_ptr<const Value>& to) {
    auto made = std::make_shared<Value>();
    fill(*made);
    to = std::move(made);
  }

private:
  std::uint64_t below(std::uint64_t bound) { return random_() % bound; }

  template <class Enum> void choose(Enum& to, Enum first, Enum last) {
    if (how_ == filling::nothing) return;
    const auto count = static_cast<std::uint64_t>(last) - static_cast<std::uint64_t>(first) + 1;
    const auto step = how_ == filling::anything ? below(count) : number_ % count;
    to = static_cast<Enum>(static_cast<std::uint64_t>(first) + step);
  }

  filling how_;
  std::uint64_t number_;
  actors::client_link_ptr link_;
  std::mt19937_64 random_;
};

/// Whether two values are equal in everything that they are made of or point to.
struct comparison {
  template <has_members Struct> static bool same(const Struct& one, const Struct& other) {
    const auto left = members(one);
    const auto right = members(other);
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
      return (same(std::get<I>(left), std::get<I>(right)) && ...);
    }
    (std::make_index_sequence<std::tuple_size_v<decltype(members(one))>>{});
  }

  template <class Value> static bool same(const Value& one, const Value& other) { return one == other; }

  template <class Value> static bool same(const std::optional<Value>& one, const std::optional<Value>& other) {
    return one.has_value() == other.has_value() && (!one || same(*one, *other));
  }

  template <class Value> static bool same(const std::vector<Value>& one, const std::vector<Value>& other) {
    return std::ranges::equal(one, other, [](const auto& left, const auto& right) { return same(left, right); });
  }

  template <class Value>
  static bool same(const std::shared_ptr<const Value>& one, const std::shared_ptr<const Value>& other) {
    return one && other && same(*one, *other);
  }

  template <class... Values>
  static bool same(const std::variant<Values...>& one, const std::variant<Values...>& other) {
    if (one.index() != other.index()) return false;
    return std::visit([&](const auto& left) { return same(left, std::get<std::decay_t<decltype(left)>>(other)); }, one);
  }
};

template <class Value> [[nodiscard]] bool same(const Value& one, const Value& other) {
  return comparison::same(one, other);
}

} // namespace parley::tests

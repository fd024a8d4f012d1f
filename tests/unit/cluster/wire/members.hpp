/// The members of our structs as a tuple, so that tests can fill and compare any of them.
///
/// A struct that gets a member does not compile here until its count is right.

#pragma once

#include <cstddef>
#include <tuple>
#include <type_traits>

#include "actors/messages.hpp"
#include "cluster/wire/delivery.hpp"
#include "cluster/wire/envelope.hpp"

namespace parley::tests {

/// -1: not a struct of members.
template <class Struct> constexpr int member_count = -1;

template <> inline constexpr int member_count<error> = 4;
template <> inline constexpr int member_count<acknowledgement> = 6;
template <> inline constexpr int member_count<client_ref> = 2;
template <> inline constexpr int member_count<message_content> = 6;
template <> inline constexpr int member_count<create_request> = 7;
template <> inline constexpr int member_count<edit_content> = 2;
template <> inline constexpr int member_count<delete_content> = 1;
template <> inline constexpr int member_count<react_content> = 3;
template <> inline constexpr int member_count<membership_content> = 3;
template <> inline constexpr int member_count<update_content> = 4;
template <> inline constexpr int member_count<append_request> = 6;
template <> inline constexpr int member_count<entry_origin> = 3;
template <> inline constexpr int member_count<live_entry> = 8;

template <> inline constexpr int member_count<actors::completed> = 0;
template <> inline constexpr int member_count<actors::append_entry> = 3;
template <> inline constexpr int member_count<actors::entry_appended> = 3;
template <> inline constexpr int member_count<actors::move_position> = 7;
template <> inline constexpr int member_count<actors::mute_conversation> = 2;
template <> inline constexpr int member_count<actors::change_block> = 3;
template <> inline constexpr int member_count<actors::tell_typing> = 2;
template <> inline constexpr int member_count<actors::begin_focus> = 4;
template <> inline constexpr int member_count<actors::end_focus> = 1;
template <> inline constexpr int member_count<actors::settle_positions> = 0;
template <> inline constexpr int member_count<actors::attach_session> = 1;
template <> inline constexpr int member_count<actors::detach_session> = 1;
template <> inline constexpr int member_count<actors::show_presence> = 2;
template <> inline constexpr int member_count<actors::watch_presence> = 3;
template <> inline constexpr int member_count<actors::unwatch_presence> = 1;
template <> inline constexpr int member_count<actors::hide_presence> = 2;

template <> inline constexpr int member_count<cluster::wire::push_call> = 1;
template <> inline constexpr int member_count<cluster::wire::event_call> = 1;
template <> inline constexpr int member_count<cluster::wire::ephemeral_call> = 1;
template <> inline constexpr int member_count<cluster::wire::hint_call> = 2;
template <> inline constexpr int member_count<cluster::wire::focus_call> = 2;
template <> inline constexpr int member_count<cluster::wire::unfocus_call> = 1;
template <> inline constexpr int member_count<cluster::wire::fan_out> = 3;
template <> inline constexpr int member_count<cluster::wire::deliver> = 2;

template <class Struct>
concept has_members = member_count<std::remove_const_t<Struct>>
>= 0;

/// References to the members of `of`, in their order.
template <has_members Struct> auto members(Struct& of) {
  constexpr auto count = member_count<std::remove_const_t<Struct>>;
  static_assert(count <= 8, "a struct of more members needs a line here");
  if constexpr (count == 0) {
    static_assert(std::is_empty_v<Struct>);
    return std::tuple{};
  } else if constexpr (count == 1) {
    auto& [a] = of;
    return std::tie(a);
  } else if constexpr (count == 2) {
    auto& [a, b] = of;
    return std::tie(a, b);
  } else if constexpr (count == 3) {
    auto& [a, b, c] = of;
    return std::tie(a, b, c);
  } else if constexpr (count == 4) {
    auto& [a, b, c, d] = of;
    return std::tie(a, b, c, d);
  } else if constexpr (count == 5) {
    auto& [a, b, c, d, e] = of;
    return std::tie(a, b, c, d, e);
  } else if constexpr (count == 6) {
    auto& [a, b, c, d, e, f] = of;
    return std::tie(a, b, c, d, e, f);
  } else if constexpr (count == 7) {
    auto& [a, b, c, d, e, f, g] = of;
    return std::tie(a, b, c, d, e, f, g);
  } else {
    auto& [a, b, c, d, e, f, g, h] = of;
    return std::tie(a, b, c, d, e, f, g, h);
  }
}

} // namespace parley::tests

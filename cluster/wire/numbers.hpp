/// The numbers that enums have on the wire, see `messages.proto`. Our own enums may be ordered anew; these stay.

#pragma once

#include <optional>

#include <parley/frames.hpp>

namespace parley::cluster::wire {

namespace pb {
enum error_code : int;
enum member_role : int;
enum history_rule : int;
enum delivery_manner : int;
enum member_action : int;
enum presence_shown : int;
} // namespace pb

[[nodiscard]] pb::error_code to_wire(errc code);
[[nodiscard]] pb::member_role to_wire(role value);
[[nodiscard]] pb::history_rule to_wire(history_policy policy);
[[nodiscard]] pb::delivery_manner to_wire(delivery_mode mode);
[[nodiscard]] pb::member_action to_wire(member_change::action_kind action);
[[nodiscard]] pb::presence_shown to_wire(presence_choice choice);

/// Nothing for a number that is not known here.
[[nodiscard]] std::optional<errc> from_wire(pb::error_code number);
[[nodiscard]] std::optional<role> from_wire(pb::member_role number);
[[nodiscard]] std::optional<history_policy> from_wire(pb::history_rule number);
[[nodiscard]] std::optional<delivery_mode> from_wire(pb::delivery_manner number);
[[nodiscard]] std::optional<member_change::action_kind> from_wire(pb::member_action number);
[[nodiscard]] std::optional<presence_choice> from_wire(pb::presence_shown number);

} // namespace parley::cluster::wire

/// Messages between actors as bytes, and back: every message of `actors/messages.hpp` that may go to another node, the
/// answers to them, and what delivery tables are told (`delivery.hpp`).
///
/// The bytes are those of `messages.proto`. What `decode` gives has the types that `encode` was given, so an actor does
/// not see where a message came from. A `client_link` does not travel: the receiver makes one that leads back to the
/// session.
///
/// Any thread; nothing is kept between calls.

#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include <caf/message.hpp>

#include "actors/messages.hpp"
#include "cluster/wire/kinds.hpp"

namespace parley::cluster::wire {

struct encoded {
  message_kind kind{};
  std::string bytes;
};

/// The way to a session that is on the node that a message came from.
using link_maker = std::function<actors::client_link_ptr(const session_id&)>;

/// How large a body may be. The worst, a list of empty ids, takes some fifty times as much memory while it is read.
constexpr std::size_t body_bytes_max = 4 << 20;

/// `internal` for a message that does not travel, or has not exactly one element: whoever sends it has a defect.
/// `too_large` above `bytes_max`, because the other side would refuse it.
[[nodiscard]] result<encoded> encode(const caf::message& what, std::size_t bytes_max = body_bytes_max);

/// `too_large` above `bytes_max`, before anything is read; `unknown_type` for a kind that is not known here, or for
/// contents that only a newer version understands; `bad_frame` for bytes that are no such message. An unknown code of a
/// `parley::error` is `internal`, for it ends its request all the same.
[[nodiscard]] result<caf::message> decode(message_kind kind, std::string_view bytes, const link_maker& links,
                                          std::size_t bytes_max = body_bytes_max);

} // namespace parley::cluster::wire

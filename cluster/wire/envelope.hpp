/// One message on its way from node to node, as in `envelope.proto`. A node that passes an envelope on keeps what it
/// does not understand of it: the body is opaque, and fields of a newer version stay.

#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <parley/error.hpp>

#include "actors/address.hpp"
#include "cluster/wire/kinds.hpp"

namespace parley::cluster::wire {

struct envelope {
  /// Empty in a reply.
  actors::address to;
  message_kind kind{};
  /// Version of the view by which the sender found the receiver.
  std::uint64_t view = 0;
  std::string trace;
  /// How long the sender waits from now on; zero: for nothing. At most 49 days.
  std::chrono::milliseconds deadline{0};
  /// Given by who asks, and repeated in the reply; 0: no reply is wanted.
  std::uint64_t correlation = 0;
  /// Nodes that have passed it on.
  std::uint32_t hops = 0;
  bool is_reply = false;
  /// What `encode` of `message_codec.hpp` made of a message of this kind.
  std::string body;
  /// Fields of a newer version, as they came.
  std::string unknown_fields;

  friend bool operator==(const envelope&, const envelope&) = default;
};

[[nodiscard]] std::string encode_envelope(envelope what);

/// `too_large` above `bytes_max`, before anything is read; `bad_frame` for bytes that are no envelope. Of the address
/// and the kind nothing is checked.
[[nodiscard]] result<envelope> decode_envelope(std::string_view bytes, std::size_t bytes_max);

} // namespace parley::cluster::wire

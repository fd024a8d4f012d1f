#include "cluster/wire/envelope.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include <fmt/format.h>
#include <parley_wire_pb/envelope.pb.h>

namespace parley::cluster::wire {

namespace {

std::uint32_t to_wire(std::chrono::milliseconds deadline) {
  constexpr std::chrono::milliseconds::rep most = std::numeric_limits<std::uint32_t>::max();
  return static_cast<std::uint32_t>(std::clamp(deadline.count(), std::chrono::milliseconds::rep{0}, most));
}

/// What is left when all that is known here is gone: this runtime of Protocol Buffers keeps unknown fields without
/// showing them.
std::string take_unknown_fields(pb::envelope& wire) {
  wire.clear_type();
  wire.clear_key();
  wire.clear_kind();
  wire.clear_view();
  wire.clear_trace();
  wire.clear_deadline_ms();
  wire.clear_correlation();
  wire.clear_hops();
  wire.clear_is_reply();
  wire.clear_body();
  return wire.SerializeAsString();
}

} // namespace

std::string encode_envelope(envelope what) {
  pb::envelope wire;
  wire.set_type(std::move(what.to.type));
  wire.set_key(std::move(what.to.key));
  wire.set_kind(static_cast<std::uint32_t>(what.kind));
  wire.set_view(what.view);
  wire.set_trace(std::move(what.trace));
  wire.set_deadline_ms(to_wire(what.deadline));
  wire.set_correlation(what.correlation);
  wire.set_hops(what.hops);
  wire.set_is_reply(what.is_reply);
  wire.set_body(std::move(what.body));
  auto bytes = wire.SerializeAsString();
  // Fields may stand in any order, so these stand last.
  bytes += what.unknown_fields;
  return bytes;
}

result<envelope> decode_envelope(std::string_view bytes, std::size_t bytes_max) {
  // Protocol Buffers counts with an int.
  if (bytes.size() > std::min<std::size_t>(bytes_max, std::numeric_limits<int>::max()))
    return fail(errc::too_large, fmt::format("an envelope of {} bytes; at most {} are taken", bytes.size(), bytes_max));
  pb::envelope wire;
  if (!wire.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
    return fail(errc::bad_frame, fmt::format("{} bytes that are no envelope", bytes.size()));
  envelope read{.to = {std::move(*wire.mutable_type()), std::move(*wire.mutable_key())},
                .kind = static_cast<message_kind>(wire.kind()),
                .view = wire.view(),
                .trace = std::move(*wire.mutable_trace()),
                .deadline = std::chrono::milliseconds{wire.deadline_ms()},
                .correlation = wire.correlation(),
                .hops = wire.hops(),
                .is_reply = wire.is_reply(),
                .body = std::move(*wire.mutable_body()),
                .unknown_fields = {}};
  read.unknown_fields = take_unknown_fields(wire);
  return read;
}

} // namespace parley::cluster::wire

#include "cluster/link/frames.hpp"

#include <limits>
#include <numeric>
#include <utility>

#include <fmt/format.h>
#include <parley_link_pb/link.pb.h>

namespace parley::cluster::link {

namespace {

constexpr std::size_t length_bytes = 4;
/// A buffer that has grown beyond this is given back when it is empty.
constexpr std::size_t kept_bytes = 256 << 10;

std::string with_length(const pb::frame& what) {
  const auto size = what.ByteSizeLong();
  std::string bytes(length_bytes, '\0');
  for (std::size_t i = 0; i < length_bytes; ++i)
    bytes[i] = static_cast<char>(static_cast<unsigned char>(size >> (8 * (length_bytes - 1 - i))));
  bytes.reserve(length_bytes + size);
  what.AppendToString(&bytes);
  return bytes;
}

hello_frame read(pb::hello& wire) {
  return {.cluster = std::move(*wire.mutable_cluster()),
          .node = std::move(*wire.mutable_node()),
          .incarnation = wire.incarnation(),
          .protocol = {wire.protocol_oldest(), wire.protocol_newest()},
          .view = wire.view(),
          .window_envelopes = wire.window_envelopes(),
          .window_bytes = wire.window_bytes(),
          .envelope_bytes_max = wire.envelope_bytes_max(),
          .expected_node = std::move(*wire.mutable_expected_node())};
}

result<frame> read(const pb::batch& wire, std::size_t envelopes_max) {
  const auto count = static_cast<std::size_t>(wire.sizes_size());
  if (count > envelopes_max)
    return fail(errc::bad_frame, fmt::format("a batch of {} envelopes; at most {} are taken", count, envelopes_max));
  const auto total = std::accumulate(wire.sizes().begin(), wire.sizes().end(), std::uint64_t{0});
  if (count == 0 || total != wire.bytes().size())
    return fail(errc::bad_frame, fmt::format("a batch of {} envelopes whose sizes do not fit", count));
  batch_frame batch{.envelopes = {}, .bytes = wire.bytes().size()};
  batch.envelopes.reserve(count);
  std::string_view rest{wire.bytes()};
  for (const auto size : wire.sizes()) {
    batch.envelopes.emplace_back(rest.substr(0, size));
    rest.remove_prefix(size);
  }
  return batch;
}

} // namespace

std::string encode(const hello_frame& what) {
  pb::frame wire;
  auto& hello = *wire.mutable_hello();
  hello.set_cluster(what.cluster);
  hello.set_node(what.node);
  hello.set_incarnation(what.incarnation);
  hello.set_protocol_oldest(what.protocol.oldest);
  hello.set_protocol_newest(what.protocol.newest);
  hello.set_view(what.view);
  hello.set_window_envelopes(what.window_envelopes);
  hello.set_window_bytes(what.window_bytes);
  hello.set_envelope_bytes_max(what.envelope_bytes_max);
  hello.set_expected_node(what.expected_node);
  return with_length(wire);
}

std::string encode(const refusal_frame& what) {
  pb::frame wire;
  wire.mutable_refusal()->set_why(what.why);
  return with_length(wire);
}

std::string encode(const batch_frame& what) {
  pb::frame wire;
  auto& batch = *wire.mutable_batch();
  batch.mutable_bytes()->reserve(what.bytes);
  for (const auto& one : what.envelopes) {
    batch.add_sizes(static_cast<std::uint32_t>(one.size()));
    *batch.mutable_bytes() += one;
  }
  return with_length(wire);
}

std::string encode(const credit_frame& what) {
  pb::frame wire;
  wire.mutable_credit()->set_envelopes(what.envelopes);
  wire.mutable_credit()->set_bytes(what.bytes);
  return with_length(wire);
}

std::string encode(heartbeat_frame) {
  pb::frame wire;
  wire.mutable_heartbeat();
  return with_length(wire);
}

std::string encode(farewell_frame) {
  pb::frame wire;
  wire.mutable_farewell();
  return with_length(wire);
}

result<frame> decode(std::string_view bytes, std::size_t envelopes_max) {
  pb::frame wire;
  // Protocol Buffers counts with an int.
  if (bytes.size() > std::numeric_limits<int>::max() ||
      !wire.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
    return fail(errc::bad_frame, fmt::format("{} bytes that are no frame of a link", bytes.size()));
  switch (wire.what_case()) {
  case pb::frame::kHello: return read(*wire.mutable_hello());
  case pb::frame::kRefusal: return refusal_frame{std::move(*wire.mutable_refusal()->mutable_why())};
  case pb::frame::kBatch: return read(wire.batch(), envelopes_max);
  case pb::frame::kCredit: return credit_frame{wire.credit().envelopes(), wire.credit().bytes()};
  case pb::frame::kHeartbeat: return heartbeat_frame{};
  case pb::frame::kFarewell: return farewell_frame{};
  case pb::frame::WHAT_NOT_SET: break;
  }
  return unknown_frame{};
}

void frame_reader::append(std::string_view bytes) {
  if (begin_ == bytes_.size()) {
    bytes_.clear();
    if (bytes_.capacity() > kept_bytes) bytes_.shrink_to_fit();
  } else {
    // At most one frame that is not whole is moved.
    bytes_.erase(0, begin_);
  }
  begin_ = 0;
  bytes_ += bytes;
}

result<std::optional<std::string_view>> frame_reader::next(std::size_t bytes_max) {
  const auto rest = std::string_view{bytes_}.substr(begin_);
  if (rest.size() < length_bytes) return std::nullopt;
  std::size_t length = 0;
  for (std::size_t i = 0; i < length_bytes; ++i) length = length << 8 | static_cast<unsigned char>(rest[i]);
  if (length > bytes_max)
    return fail(errc::too_large, fmt::format("a frame of {} bytes; at most {} are taken", length, bytes_max));
  if (rest.size() < length_bytes + length) return std::nullopt;
  begin_ += length_bytes + length;
  return rest.substr(length_bytes, length);
}

} // namespace parley::cluster::link

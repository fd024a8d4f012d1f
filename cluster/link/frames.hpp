/// The frames of `link.proto` as bytes and back. What a peer sends is checked here; a frame never makes us allocate
/// more than a small multiple of its own length, and its length is bounded before any of it is read.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <parley/error.hpp>

#include "cluster/wire/protocol.hpp"

namespace parley::cluster::link {

struct hello_frame {
  std::string cluster;
  std::string node;
  std::uint64_t incarnation = 0;
  wire::protocol_range protocol;
  std::uint64_t view = 0;
  std::uint64_t window_envelopes = 0;
  std::uint64_t window_bytes = 0;
  std::uint64_t envelope_bytes_max = 0;
  std::string expected_node;
};

struct refusal_frame {
  std::string why;
};

struct batch_frame {
  std::vector<std::string> envelopes;
  /// Of all together.
  std::size_t bytes = 0;
};

struct credit_frame {
  std::uint64_t envelopes = 0;
  std::uint64_t bytes = 0;
};

struct heartbeat_frame {};
struct farewell_frame {};
/// Of a newer version.
struct unknown_frame {};

using frame =
    std::variant<hello_frame, refusal_frame, batch_frame, credit_frame, heartbeat_frame, farewell_frame, unknown_frame>;

/// A frame of somebody who has not said yet who he is.
constexpr std::size_t first_frame_bytes_max = 4'096;
/// What a batch may be longer than its envelopes.
constexpr std::size_t batch_overhead_bytes_max = 1'024;

/// With its length in front. Of a batch the envelopes are in `envelopes`.
[[nodiscard]] std::string encode(const hello_frame& what);
[[nodiscard]] std::string encode(const refusal_frame& what);
[[nodiscard]] std::string encode(const batch_frame& what);
[[nodiscard]] std::string encode(const credit_frame& what);
[[nodiscard]] std::string encode(heartbeat_frame);
[[nodiscard]] std::string encode(farewell_frame);

/// `bytes` without its length. `bad_frame`: no frame, or more than `envelopes_max` in a batch.
[[nodiscard]] result<frame> decode(std::string_view bytes, std::size_t envelopes_max);

/// Cuts what comes from a socket into frames.
class frame_reader {
public:
  void append(std::string_view bytes);

  /// The next whole frame without its length, good until the next call of anything; nothing when more bytes are needed;
  /// `too_large` as soon as the length of one is over `bytes_max`.
  [[nodiscard]] result<std::optional<std::string_view>> next(std::size_t bytes_max);

private:
  std::string bytes_;
  std::size_t begin_ = 0;
};

} // namespace parley::cluster::link

// What another node sends. The first byte is the kind of a message, or 255 for an envelope; whatever is read of the
// rest can be sent again, and is read as the same.

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "cluster/wire/envelope.hpp"
#include "cluster/wire/message_codec.hpp"

namespace {

using namespace parley::cluster::wire;

constexpr std::size_t bytes_max = 1 << 20;

void read_envelope(std::string_view bytes) {
  const auto received = decode_envelope(bytes, bytes_max);
  if (!received) return;
  const auto again = decode_envelope(encode_envelope(*received), bytes_max);
  if (!again || *again != *received) std::abort();
}

void read_message(message_kind kind, std::string_view bytes) {
  const auto received = decode(kind, bytes, nullptr, bytes_max);
  if (!received) {
    if (received.error().detail.empty()) std::abort();
    return;
  }
  const auto sent = encode(*received, bytes_max);
  if (!sent || sent->kind != kind) std::abort();
  const auto again = decode(kind, sent->bytes, nullptr, bytes_max);
  if (!again || encode(*again, bytes_max)->bytes != sent->bytes) std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes{reinterpret_cast<const char*>(data) + 1, size - 1};
  if (data[0] == 255)
    read_envelope(bytes);
  else
    read_message(message_kind{data[0]}, bytes);
  return 0;
}

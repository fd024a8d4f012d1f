// What a WebSocket client sends. The first byte says in which pieces the rest comes; however it is cut, the same comes
// of it, and never more than a message is held.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "net/websocket_framing.hpp"

namespace {

using namespace parley::net;
using kind = websocket_event::kind;

constexpr std::size_t message_max = 2'000;

/// One event of many, as text that two runs can be compared by.
void note(std::string& all, const websocket_event& event) {
  const auto is_message = event.what == kind::text || event.what == kind::binary;
  if (event.payload.size() > (is_message ? message_max : 125)) std::abort();
  if (event.what == kind::text) {
    utf8_check check;
    if (!check.take(event.payload) || !check.is_whole()) std::abort();
  }
  all += std::to_string(static_cast<int>(event.what)) + ' ' + std::to_string(event.code) + ' ';
  all.append(event.payload) += '\n';
}

std::string events_of(std::string_view input, std::size_t piece_bytes) {
  websocket_parser parser{message_max};
  std::string all;
  while (!input.empty()) {
    const auto size = std::min(piece_bytes, input.size());
    std::vector<char> piece{input.begin(), input.begin() + static_cast<std::ptrdiff_t>(size)};
    input.remove_prefix(size);
    std::span<char> rest{piece};
    for (;;) {
      const auto left = rest.size();
      const auto event = parser.next(rest);
      if (rest.size() > left) std::abort();
      if (event.what == kind::need_more && !rest.empty()) std::abort();
      if (event.what == kind::need_more) break;
      note(all, event);
      if (event.what == kind::broken) return all;
      if (rest.size() == left && event.payload.empty() && left > 0) std::abort(); // an event out of nothing
    }
  }
  return all;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view input{reinterpret_cast<const char*>(data) + 1, size - 1};
  const auto whole = events_of(input, std::max<std::size_t>(input.size(), 1));
  if (events_of(input, 1) != whole) std::abort();
  if (events_of(input, 1U + data[0]) != whole) std::abort();
  return 0;
}

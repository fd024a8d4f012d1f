#include "persistence/postgres/append_lanes.hpp"

#include "persistence/postgres/append_lane.hpp"

namespace parley::persistence::postgres {

std::size_t append_lanes::lane_of(const conversation_id& conversation) const {
  std::uint64_t hash = 0xcbf2'9ce4'8422'2325;
  for (const auto byte : conversation.value.bytes) hash = (hash ^ byte) * 0x100'0000'01b3;
  // The low bits of the product know little of the last bytes.
  return (hash >> 32) % count;
}

std::unique_ptr<log_lane> append_lanes::open() const { return std::make_unique<append_lane>(connection); }

} // namespace parley::persistence::postgres

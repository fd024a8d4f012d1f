#include "persistence/shard_of.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace parley::persistence {

std::size_t shard_of(const conversation_id& conversation, std::size_t shards) {
  const auto& bytes = conversation.value.bytes;
  return static_cast<std::size_t>(XXH64(bytes.data(), bytes.size(), 0) % shards);
}

} // namespace parley::persistence

/// Which of several databases keeps a conversation.

#pragma once

#include <cstddef>

#include <parley/ids.hpp>

namespace parley::persistence {

/// XXH64 of the sixteen bytes, modulo `shards` (at least 1): the same on every machine and in every version, because
/// whoever answers otherwise does not find what was written.
[[nodiscard]] std::size_t shard_of(const conversation_id& conversation, std::size_t shards);

} // namespace parley::persistence

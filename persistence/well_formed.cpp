#include "persistence/well_formed.hpp"

#include <set>
#include <utility>

#include <fmt/format.h>

namespace parley::persistence {

result<void> well_formed(const conversation_write& write) {
  const auto name = to_string(write.conversation);
  if (write.record && write.record->id != write.conversation)
    return fail(errc::internal,
                fmt::format("a write to {} carries the record of {}", name, to_string(write.record->id)));

  std::set<std::pair<client_id, std::string_view>> clients;
  for (std::size_t i = 0; i < write.entries.size(); ++i) {
    const auto& entry = write.entries[i];
    if (entry.conversation != write.conversation)
      return fail(errc::internal,
                  fmt::format("a write to {} carries an entry of {}", name, to_string(entry.conversation)));
    if (entry.seq == 0 || entry.seq != write.entries.front().seq + i)
      return fail(errc::internal, fmt::format("entry {} of a write to {} stands at seq {}", i, name, entry.seq));
    if (entry.client && !clients.emplace(*entry.client, entry.author.value).second)
      return fail(errc::internal, fmt::format("a write to {} carries {} twice", name, to_string(*entry.client)));
  }
  return {};
}

} // namespace parley::persistence

/// What a client shows to go on with a session of its.

#pragma once

#include <cstdint>
#include <string>

namespace parley::net {

struct resume_ticket {
  /// As clients call it.
  std::string session;
  std::string key;
  /// The client has every push up to this one.
  std::uint64_t s = 0;
};

} // namespace parley::net

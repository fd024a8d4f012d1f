/// What a client shows to go on with a session of its.

#pragma once

#include <parley/ids.hpp>

#include <cstdint>
#include <string>

namespace parley::net {

struct resume_ticket {
  session_id session;
  std::string key;
  /// The client has every push up to this one.
  std::uint64_t s = 0;
};

} // namespace parley::net

/// What every connection of a node uses. Owned by the node, outlives them all; everything in it may be used from any
/// thread.

#pragma once

#include <string>

#include <parley/clock.hpp>
#include <parley/settings.hpp>

#include "actors/handles.hpp"
#include "net/address_counter.hpp"
#include "net/auth/token_verifier.hpp"
#include "net/routes.hpp"

namespace parley::net {

struct edge {
  const settings& config;
  const clock& time;
  const token_verifier& tokens;
  routes& pages;
  actors::session_opener open_session;
  /// Name of the node, for session ids.
  std::string node;
  address_counter addresses{};
};

} // namespace parley::net

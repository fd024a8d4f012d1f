/// What every connection of a node uses. Owned by the node, in use until its server has stopped; everything in it may
/// be used from any thread.

#pragma once

#include "actors/handles.hpp"
#include "net/address_counter.hpp"
#include "net/auth/token_verifier.hpp"
#include "net/routes.hpp"
#include "net/session_registry.hpp"

#include <parley/clock.hpp>
#include <parley/settings.hpp>

#include <memory>
#include <string>

namespace parley::net {

class tls_context;

struct edge {
  const settings& config;
  const clock& time;
  const token_verifier& tokens;
  routes& pages;
  /// Outlives the server.
  address_counter& addresses;
  actors::session_opener open_session;
  /// Name of the node, for session ids.
  std::string node;
  session_registry sessions{};
  /// Null: connections are not encrypted.
  std::shared_ptr<tls_context> tls{};
};

} // namespace parley::net

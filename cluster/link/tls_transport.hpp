/// TLS of CAF's OpenSSL module on connections of a broker of our own. CAF offers it for its own protocol between nodes
/// only, so the two small classes between a session and the event loop are written again, with what CAF's lack: one
/// that fails, however it fails, leaves the others alone.

#pragma once

#include <caf/fwd.hpp>
#include <caf/io/doorman.hpp>
#include <caf/io/scribe.hpp>

namespace parley::cluster::link {

/// Of a connected socket, which belongs to it from now on. Null when there can be no session: a certificate that has
/// become unreadable, or a peer that is gone already.
[[nodiscard]] caf::io::scribe_ptr dialled_tls_scribe(caf::actor_system& system, int socket);

/// Of a listening socket.
[[nodiscard]] caf::io::doorman_ptr tls_doorman(caf::actor_system& system, int socket);

} // namespace parley::cluster::link

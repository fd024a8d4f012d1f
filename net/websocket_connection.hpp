/// The WebSocket of a `device_connection`, made of a TCP connection that asked for it.

#pragma once

#include "net/beast_types.hpp"
#include "net/edge.hpp"
#include "net/io_worker.hpp"
#include "net/upgrade.hpp"

namespace parley::net {

/// Accepts the upgrade and serves the device until either side ends it. On the thread of `worker`.
void serve_websocket(tcp_socket socket, const upgrade_request& request, upgrade plan, address_counter::place place,
                     io_worker& worker, edge& shared);

} // namespace parley::net

/// The WebSocket of a `device_connection`, made of a TCP connection that asked for it.

#pragma once

#include "net/edge.hpp"
#include "net/io_worker.hpp"
#include "net/plain_wire.hpp"
#include "net/tls_wire.hpp"
#include "net/upgrade.hpp"

namespace parley::net {

// Accept the upgrade and serve the device until either side ends it. On the thread of `worker`.

void serve_websocket(plain_wire wire, const upgrade_request& request, upgrade plan, address_counter::place place,
                     io_worker& worker, edge& shared);
void serve_websocket(tls_wire wire, const upgrade_request& request, upgrade plan, address_counter::place place,
                     io_worker& worker, edge& shared);

} // namespace parley::net

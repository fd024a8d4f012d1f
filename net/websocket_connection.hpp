/// A connected device: its WebSocket on one side, its session on the other.
///
/// Lives on the thread of its worker. Actors reach it through `client_link`, which only queues: one post a burst, however
/// many frames. The order and the bounds of what goes out are those of `session_window` and `outbox`.

#pragma once

#include "net/beast_types.hpp"
#include "net/edge.hpp"
#include "net/io_worker.hpp"
#include "net/upgrade.hpp"

namespace parley::net {

/// Accepts the upgrade and serves the device until either side ends it. On the thread of `worker`.
void serve_websocket(tcp_socket socket, upgrade_request request, upgrade plan, io_worker& worker, edge& shared);

} // namespace parley::net

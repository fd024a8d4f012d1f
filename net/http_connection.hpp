/// One HTTP/1.1 connection, by TLS if the node has a certificate: reads requests within limits and time, answers them
/// in order, and becomes a WebSocket when asked to at `/connect`.

#pragma once

#include "net/beast_types.hpp"
#include "net/edge.hpp"
#include "net/io_worker.hpp"

namespace parley::net {

/// Serves the connection until it ends. On the thread of `worker`.
void serve_http(tcp_socket socket, io_worker& worker, edge& shared);

} // namespace parley::net

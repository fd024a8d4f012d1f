/// `POST /v1/poll`: one request of a client that polls, brought to the transport of its session, or the first of a new
/// one.

#pragma once

#include "net/edge.hpp"
#include "net/http_types.hpp"
#include "net/io_worker.hpp"

namespace parley::net {

/// A session that begins here, or is taken over, lives on `worker`, on whose thread this is called. `answer` is called
/// once, on any worker's thread.
void serve_poll(const http_request& request, io_worker& worker, edge& shared, http_answer answer);

} // namespace parley::net

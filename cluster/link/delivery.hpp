/// Where the handlers are called: an actor beside the mesh, so that a handler that does not return stops no heartbeat.

#pragma once

#include <caf/fwd.hpp>

#include "cluster/link/peer_links.hpp"

namespace parley::cluster::link {

/// Takes `deliver_*` messages, and answers each batch with `batch_handled` to whoever sent it. Its mailbox holds at
/// most what the windows of all links let through.
[[nodiscard]] caf::behavior delivery(caf::event_based_actor* self, link_handlers handlers);

} // namespace parley::cluster::link

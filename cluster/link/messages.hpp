/// What the actors of the links say to each other. None of it leaves the process.

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <caf/allowed_unsafe_message_type.hpp>

#include "cluster/link/peer_links.hpp"
#include "cluster/link/socket_owner.hpp"

namespace parley::cluster::link {

// To the mesh. ------------------------------------------------------------------------------------------------------

struct expect_peer {
  std::string node;
  std::uint64_t incarnation = 0;
  std::string address;
};

struct forget_peer {
  std::string node;
};

/// The outbox of a link has something, and had not before.
struct drain_outbox {
  std::uint64_t link = 0;
};

struct dial_ended {
  std::string node;
  /// Null when it failed.
  std::shared_ptr<socket_owner> socket;
  down_reason reason = down_reason::refused;
  std::string detail;
};

/// The handler has returned.
struct batch_handled {
  std::uint64_t link = 0;
  std::size_t envelopes = 0;
  std::size_t bytes = 0;
};

/// A connection was over before there was TLS.
struct stranger_left {
  std::string address;
};

/// To itself: what is due?
struct look_at_clock {};

/// Farewell to all, and end.
struct leave_mesh {};

// To the delivery. ----------------------------------------------------------------------------------------------------

struct deliver_batch {
  std::string node;
  std::uint64_t incarnation = 0;
  std::uint64_t link = 0;
  std::vector<std::string> envelopes;
  std::size_t bytes = 0;
};

struct deliver_change {
  link_change change;
};

struct deliver_refusal {
  std::string node;
  std::string why;
};

/// Nothing comes after it.
struct end_delivery {};

} // namespace parley::cluster::link

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(parley::cluster::link::expect_peer)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(parley::cluster::link::forget_peer)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(parley::cluster::link::drain_outbox)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(parley::cluster::link::dial_ended)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(parley::cluster::link::batch_handled)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(parley::cluster::link::stranger_left)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(parley::cluster::link::look_at_clock)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(parley::cluster::link::leave_mesh)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(parley::cluster::link::deliver_batch)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(parley::cluster::link::deliver_change)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(parley::cluster::link::deliver_refusal)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(parley::cluster::link::end_delivery)

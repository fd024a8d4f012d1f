/// What the mesh knows of one connection, from the first byte on.

#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include <caf/io/connection_handle.hpp>

#include "cluster/link/frames.hpp"
#include "cluster/link/outbox.hpp"

namespace parley::cluster::link {

using link_clock = std::chrono::steady_clock;

struct connection {
  std::uint64_t number = 0;
  caf::io::connection_handle handle;
  link_clock::time_point opened;
  link_clock::time_point heard;
  link_clock::time_point said;
  frame_reader reader;

  /// Whom we have dialled; empty: the other has.
  std::string dialled;
  /// What the other's hello said, once it is taken.
  hello_frame hello;
  bool is_greeted = false;
  /// Envelopes go both ways.
  bool is_up = false;
  bool has_ended = false;
  std::shared_ptr<outbox> box;

  /// Received and not handled yet.
  outbox::amount held;
  /// Handled and not acknowledged yet.
  outbox::amount owed;
};

using connection_ptr = std::shared_ptr<connection>;

} // namespace parley::cluster::link

/// The loop of a program that has one WebSocket: waits until something can be done, and does it.

#pragma once

#include <span>

#include <parley/clock.hpp>

#include "tools/client/websocket.hpp"

namespace parley::client {

/// Waits for `socket` (may be null), for `input` (a descriptor; -1: none) or until `until`, then lets the socket write
/// and read. Says whether `input` has something.
bool wait_for(websocket* socket, instant until, std::span<char> scratch, int input = -1);

} // namespace parley::client

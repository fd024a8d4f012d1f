/// The system calls that read and write a socket, once each, without waiting.

#pragma once

#include "net/wire.hpp"

#include <sys/uio.h>

#include <span>

namespace parley::net {

[[nodiscard]] wire_step receive_some(int socket, std::span<char> into);
/// `blocked` as well when the socket took a part only.
[[nodiscard]] wire_step send_some(int socket, std::span<iovec> parts);

} // namespace parley::net

/// A socket that is closed unless somebody takes it.

#pragma once

#include <utility>

#include <unistd.h>

namespace parley::cluster::link {

class socket_owner {
public:
  explicit socket_owner(int socket) : socket_{socket} {}
  ~socket_owner() {
    if (socket_ >= 0) ::close(socket_);
  }
  socket_owner(const socket_owner&) = delete;
  socket_owner& operator=(const socket_owner&) = delete;

  [[nodiscard]] int get() const { return socket_; }
  [[nodiscard]] int take() { return std::exchange(socket_, -1); }

private:
  int socket_;
};

} // namespace parley::cluster::link

/// The edge of a node: listeners, their threads, and an orderly end.

#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include <parley/error.hpp>

namespace parley::net {

struct edge;

/// Start, then stop, from one thread.
class server {
public:
  /// `shared` outlives it.
  explicit server(edge& shared);
  ~server();
  server(const server&) = delete;
  server& operator=(const server&) = delete;

  /// Listens on every address of the settings. Returns them as `HOST:PORT`, with the port that was given for port 0.
  /// `unavailable` with the address if one cannot be had.
  [[nodiscard]] result<std::vector<std::string>> listen();

  /// Tells every client to come back within `spread`, closes, and waits at most `patience` for them to go.
  void stop(std::chrono::milliseconds spread, std::chrono::milliseconds patience);

private:
  struct parts;
  std::unique_ptr<parts> parts_;
};

} // namespace parley::net

/// The edge of a node: listeners, their threads, and an orderly end.

#pragma once

#include <parley/clock.hpp>
#include <parley/error.hpp>
#include <parley/settings.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace parley::net {

struct edge;

/// Start, then stop, from one thread. Outlives everything that may hold on to a connection: actors, and requests that
/// wait for their answer.
class server {
public:
  server(const settings& config, const clock& time);
  ~server();
  server(const server&) = delete;
  server& operator=(const server&) = delete;

  /// Listens on every address of the settings. Returns them as `HOST:PORT`, with the port that was given for port 0.
  /// `unavailable` with the address if one cannot be had; then nothing was served. `shared` is used until `stop`.
  [[nodiscard]] result<std::vector<std::string>> listen(edge& shared);

  /// Tells every client to come back within `spread`, closes, waits at most `patience` for them to go, and ends those
  /// that are left. Does nothing if nobody listened.
  void stop(std::chrono::milliseconds spread, std::chrono::milliseconds patience);

private:
  struct parts;
  std::unique_ptr<parts> parts_;
};

} // namespace parley::net

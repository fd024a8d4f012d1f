/// One server process: builds everything from the settings, owns it, and takes it down in order.

#pragma once

#include <parley/error.hpp>
#include <parley/settings.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace parley::cluster {

/// Start, then stop, from one thread.
class node {
public:
  /// Opens the data directory and the stores, starts the actors and listens. The error's detail is one line that says
  /// what is in the way.
  [[nodiscard]] static result<std::unique_ptr<node>> start(settings config);
  /// Brings the store to the layout that this program needs, with the rights that takes, and does nothing else.
  [[nodiscard]] static result<void> migrate(const settings& config);
  ~node();
  node(const node&) = delete;
  node& operator=(const node&) = delete;

  /// `HOST:PORT` of every listener.
  [[nodiscard]] const std::vector<std::string>& addresses() const;
  [[nodiscard]] const std::string& id() const;

  /// Stops accepting, sends clients away, has everything stored that is only in memory, and ends within seconds. False
  /// if some actor did not end in time: then the node cannot be destroyed, and the process should end at once.
  [[nodiscard]] bool stop();

private:
  struct parts;
  [[nodiscard]] static result<std::unique_ptr<node>> build(settings config);
  explicit node(std::unique_ptr<parts> built);

  std::unique_ptr<parts> parts_;
};

} // namespace parley::cluster

/// The servers that a run loads: where they are, and their processes where they run on this machine.

#pragma once

#include <optional>
#include <vector>

#include "tools/client/tcp.hpp"
#include "tools/parleyload/options.hpp"
#include "tools/parleyload/process_stats.hpp"

namespace parley::load {

class server_watch {
public:
  /// Looks the servers up; `unavailable` when one has no address.
  [[nodiscard]] static result<server_watch> find(const target_options& target);

  [[nodiscard]] std::size_t count() const { return addresses_.size(); }
  [[nodiscard]] const client::tcp_address& address(std::size_t server) const { return addresses_[server]; }

  /// What all of them have used so far; nothing when no process is known, or one has ended.
  [[nodiscard]] std::optional<process_usage> usage() const;
  [[nodiscard]] std::optional<process_memory> memory() const;

private:
  std::vector<client::tcp_address> addresses_;
  std::vector<pid_t> processes_;
};

/// Raises the limit of open files to what this process may have, and says `too_many` when `sockets` do not fit.
[[nodiscard]] result<void> make_room_for(std::size_t sockets);

} // namespace parley::load

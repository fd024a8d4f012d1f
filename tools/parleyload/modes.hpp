/// The modes beside `chat`. Each connects, measures, checks and says goodbye, and takes as long as all that. An error
/// when it could not begin; what goes wrong later is in the report.

#pragma once

#include "tools/parleyload/figures.hpp"
#include "tools/parleyload/options.hpp"

namespace parley::load {

struct mode_report {
  figures found;
  /// The check found nothing.
  bool ok = true;
};

/// Connections that do nothing: what each costs the server.
[[nodiscard]] result<mode_report> run(const idle_options& options);
/// One group whose members are all connected; every message has to reach every one of them, once and in order.
[[nodiscard]] result<mode_report> run(const group_options& options);
/// Clients that read the newest entries of conversations; every page has to be the right one.
[[nodiscard]] result<mode_report> run(const history_options& options);
/// All clients are dropped and come back, by their resume tickets.
[[nodiscard]] result<mode_report> run(const reconnect_options& options);

} // namespace parley::load

/// Everything a node keeps on disk, behind interfaces.

#pragma once

#include <memory>

#include <parley/account_store.hpp>
#include <parley/device_store.hpp>
#include <parley/file_store.hpp>
#include <parley/log_store.hpp>
#include <parley/node_store.hpp>

namespace parley {

/// Shared by every thread that reads or writes; the stores live as long as anyone holds them.
struct stores {
  std::shared_ptr<log_store> log;
  std::shared_ptr<account_store> accounts;
  std::shared_ptr<device_store> devices;
  std::shared_ptr<file_store> files;
  /// Null where only one node can use the store.
  std::shared_ptr<node_store> nodes;
};

} // namespace parley

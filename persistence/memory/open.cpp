#include "persistence/open.hpp"

#include "persistence/memory/state.hpp"

namespace parley::persistence {

result<stores> open_memory() {
  const auto state = std::make_shared<memory::state>();
  return stores{memory::make_log_store(state), memory::make_account_store(state), memory::make_device_store(state),
                memory::make_file_store(state), memory::make_node_store(state)};
}

} // namespace parley::persistence

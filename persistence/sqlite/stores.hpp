/// The stores of one open database file; they share its connections. Any thread.

#pragma once

#include <memory>

#include <parley/stores.hpp>

#include "persistence/sqlite/connections.hpp"

namespace parley::persistence::sqlite {

[[nodiscard]] std::shared_ptr<log_store> make_log_store(std::shared_ptr<connections> to);
[[nodiscard]] std::shared_ptr<account_store> make_account_store(std::shared_ptr<connections> to);
[[nodiscard]] std::shared_ptr<device_store> make_device_store(std::shared_ptr<connections> to);
[[nodiscard]] std::shared_ptr<file_store> make_file_store(std::shared_ptr<connections> to);

} // namespace parley::persistence::sqlite

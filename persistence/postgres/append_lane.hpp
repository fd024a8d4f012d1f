/// A lane of PostgreSQL: a planner and its connection, which is made when it is needed and made again when it breaks.
///
/// While the server is away, batches are `unavailable` at once; it is tried again no more often than the back-off
/// says (50 ms, doubling up to a second). A batch whose commit was lost from sight waits up to `connect_timeout` for a
/// connection to be read back on.

#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <parley/log_lane.hpp>

#include "persistence/postgres/append_connection.hpp"
#include "persistence/postgres/append_planner.hpp"
#include "persistence/postgres/back_off.hpp"

namespace parley::persistence::postgres {

class append_lane final : public log_lane {
public:
  explicit append_lane(append_connection_options options);

  [[nodiscard]] std::size_t depth() const override { return planner_.limits().depth; }
  void put(std::vector<conversation_write> writes) override;
  [[nodiscard]] std::vector<result<write_outcome>> take() override;

private:
  using instant = std::chrono::steady_clock::time_point;

  void send_steps();
  void receive_answer();
  [[nodiscard]] bool make_connection();
  void note_failure(std::string why);

  append_connection_options options_;
  append_connection connection_;
  append_planner planner_;
  /// Of failures one after another; an answer ends them.
  back_off back_off_;
  std::string why_;
  /// Since when a transaction is lost from sight, if one is.
  std::optional<instant> lost_;
};

/// `log_store::write` by a lane of its own.
[[nodiscard]] std::vector<result<write_outcome>> write_batch(log_lane& lane, std::vector<conversation_write> writes);

} // namespace parley::persistence::postgres

/// A connection that keeps several transactions on their way to PostgreSQL: libpq in pipeline mode, binary both ways.
///
/// Each step is one implicit transaction: its statements, then a Sync. What fails within it takes back all of it and
/// nothing of the step behind it. It is written when the Sync is confirmed, not before.
///
/// Threads: one. `open` and `receive` block, each for a bounded time. Nothing throws.

#pragma once

#include <chrono>
#include <deque>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include <parley/error.hpp>

#include "persistence/postgres/append_planner.hpp"

struct pg_conn;
struct pg_result;

namespace parley::persistence::postgres {

struct append_connection_options {
  /// A libpq connection string.
  std::string url;
  std::chrono::milliseconds connect_timeout{3'000};
  std::chrono::milliseconds statement_timeout{10'000};
};

struct step_written {};
struct step_found {
  std::vector<standing> how;
};
struct step_refused {
  refusal why;
  std::string detail;
};
/// The connection is gone, and with it every answer that was to come.
struct connection_lost {
  std::string detail;
};
using step_answer = std::variant<step_written, step_found, step_refused, connection_lost>;

class append_connection {
public:
  explicit append_connection(append_connection_options options);
  ~append_connection();
  append_connection(const append_connection&) = delete;
  append_connection& operator=(const append_connection&) = delete;

  [[nodiscard]] bool is_open() const { return connection_ != nullptr; }
  /// Connects anew and prepares the statements, within `within` (and `connect_timeout`).
  [[nodiscard]] result<void> open(std::chrono::milliseconds within);
  void close();
  /// Closes it if the server has gone while nothing was under way.
  void look_alive();

  /// Sends without waiting for room. What goes wrong is the answer.
  void send(const append_step& step);
  /// Waits for the answer of the oldest step. After `connection_lost` it is closed and nothing is under way.
  [[nodiscard]] step_answer receive();

private:
  using instant = std::chrono::steady_clock::time_point;
  struct closer {
    void operator()(pg_conn* connection) const;
    void operator()(pg_result* answer) const;
  };
  using answer_ptr = std::unique_ptr<pg_result, closer>;

  struct sent_step {
    append_step::kind what;
    std::size_t writes;
  };

  [[nodiscard]] result<void> connect(instant deadline);
  [[nodiscard]] result<void> prepare(instant deadline);
  /// False: the connection is broken, or time is up.
  [[nodiscard]] bool wait_for_socket(bool to_read, bool to_write, instant deadline);
  [[nodiscard]] bool wait_for_input(instant deadline);
  /// The results up to the next Sync; `connection_lost` or the first refusal, else `step_written`. The one with rows
  /// is left in `rows`.
  [[nodiscard]] step_answer read_to_sync(instant deadline, answer_ptr& rows);
  [[nodiscard]] step_answer lose(std::string why);
  [[nodiscard]] std::string complaint() const;

  append_connection_options options_;
  std::unique_ptr<pg_conn, closer> connection_;
  bool is_broken_ = false;
  std::deque<sent_step> sent_;
};

} // namespace parley::persistence::postgres

#include "persistence/postgres/append_connection.hpp"

#include <algorithm>
#include <cerrno>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <libpq-fe.h>
#include <poll.h>

#include "persistence/postgres/append_answers.hpp"
#include "persistence/postgres/append_statements.hpp"
#include "persistence/postgres/failure.hpp"

namespace parley::persistence::postgres {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

constexpr int binary = 1;
/// What is read of a connection at which nothing is under way.
constexpr int looks_max = 8;

} // namespace

void append_connection::closer::operator()(pg_conn* connection) const { PQfinish(connection); }
void append_connection::closer::operator()(pg_result* answer) const { PQclear(answer); }

append_connection::append_connection(append_connection_options options) : options_{std::move(options)} {}
append_connection::~append_connection() = default;

void append_connection::close() {
  connection_.reset();
  is_broken_ = false;
  sent_.clear();
}

std::string append_connection::complaint() const { return one_line(PQerrorMessage(connection_.get())); }

step_answer append_connection::lose(std::string why) {
  close();
  return connection_lost{std::move(why)};
}

// Connecting. -------------------------------------------------------------------------------------------------------

result<void> append_connection::open(milliseconds within) {
  close();
  const auto deadline = steady_clock::now() + std::min(within, options_.connect_timeout);
  auto opened = connect(deadline);
  if (opened) opened = prepare(deadline);
  if (!opened) close();
  return opened;
}

result<void> append_connection::connect(instant deadline) {
  // The connection string may set each of these itself, but for the encoding of what we write.
  const char* const names[] = {"fallback_application_name", "dbname", "client_encoding", nullptr};
  const char* const values[] = {"parley", options_.url.c_str(), "UTF8", nullptr};
  connection_.reset(PQconnectStartParams(names, values, 1));
  if (!connection_) return fail(errc::unavailable, "no memory for a connection");
  auto wanted = PGRES_POLLING_WRITING;
  while (wanted != PGRES_POLLING_OK) {
    if (PQstatus(connection_.get()) == CONNECTION_BAD || wanted == PGRES_POLLING_FAILED)
      return fail(errc::unavailable, complaint());
    if (!wait_for_socket(wanted == PGRES_POLLING_READING, wanted == PGRES_POLLING_WRITING, deadline))
      return fail(errc::unavailable, "the database does not answer in time");
    wanted = PQconnectPoll(connection_.get());
  }
  PQsetNoticeProcessor(
      connection_.get(), [](void*, const char*) {}, nullptr);
  if (PQsetnonblocking(connection_.get(), 1) != 0 || PQenterPipelineMode(connection_.get()) != 1)
    return fail(errc::unavailable, complaint());
  return {};
}

result<void> append_connection::prepare(instant deadline) {
  // Generic plans from the first batch on: no batch is like another, and planning costs as much as sixteen rows.
  const auto settings = fmt::format("SELECT set_config('statement_timeout', '{}', false), "
                                    "set_config('plan_cache_mode', 'force_generic_plan', false)",
                                    options_.statement_timeout.count());
  auto sent = PQsendQueryParams(connection_.get(), settings.c_str(), 0, nullptr, nullptr, nullptr, nullptr, binary);
  for (const auto& one : append_statements()) {
    std::vector<Oid> types;
    for (const auto type : one.columns) types.push_back(array_type(type));
    sent = sent && PQsendPrepare(connection_.get(), one.name, one.text, static_cast<int>(types.size()), types.data());
  }
  if (!sent || !PQpipelineSync(connection_.get())) return fail(errc::unavailable, complaint());
  answer_ptr rows;
  const auto done = read_to_sync(deadline, rows);
  if (const auto* lost = std::get_if<connection_lost>(&done)) return fail(errc::unavailable, lost->detail);
  if (const auto* refused = std::get_if<step_refused>(&done)) return fail(errc::unavailable, refused->detail);
  return {};
}

void append_connection::look_alive() {
  if (!connection_ || !sent_.empty()) return;
  pollfd socket{.fd = PQsocket(connection_.get()), .events = POLLIN, .revents = 0};
  // A farewell, then the end of the stream; or news of a setting.
  for (auto reads = 0; reads < looks_max && poll(&socket, 1, 0) != 0; ++reads) {
    if (PQconsumeInput(connection_.get()) != 1 || PQstatus(connection_.get()) == CONNECTION_BAD) return close();
    (void)PQisBusy(connection_.get());
  }
}

// Sending. ----------------------------------------------------------------------------------------------------------

void append_connection::send(const append_step& step) {
  sent_.push_back({step.what, step.writes.size()});
  if (is_broken_ || !connection_) return;
  const auto format = step.what == append_step::kind::look ? binary : 0;
  auto done = true;
  for (const auto& call : calls_of(step)) {
    std::vector<const char*> values;
    std::vector<int> lengths;
    for (const auto& column : call.columns) {
      values.push_back(column.bytes().data());
      lengths.push_back(static_cast<int>(column.bytes().size()));
    }
    const std::vector<int> formats(values.size(), binary);
    done = done && PQsendQueryPrepared(connection_.get(), call.statement->name, static_cast<int>(values.size()),
                                       values.data(), lengths.data(), formats.data(), format);
  }
  is_broken_ = !done || !PQpipelineSync(connection_.get());
}

// Receiving. --------------------------------------------------------------------------------------------------------

bool append_connection::wait_for_socket(bool to_read, bool to_write, instant deadline) {
  pollfd socket{.fd = PQsocket(connection_.get()), .events = 0, .revents = 0};
  if (to_read) socket.events |= POLLIN;
  if (to_write) socket.events |= POLLOUT;
  while (true) {
    const auto left = std::chrono::ceil<milliseconds>(deadline - steady_clock::now());
    if (left <= milliseconds{0}) return false;
    const auto ready = poll(&socket, 1, static_cast<int>(std::min(left, milliseconds{60'000}).count()));
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) return false;
  }
}

bool append_connection::wait_for_input(instant deadline) {
  while (PQisBusy(connection_.get())) {
    const auto unsent = PQflush(connection_.get());
    if (unsent < 0) return false;
    if (!wait_for_socket(true, unsent > 0, deadline)) return false;
    if (PQconsumeInput(connection_.get()) != 1) return false;
  }
  return true;
}

step_answer append_connection::read_to_sync(instant deadline, answer_ptr& rows) {
  std::optional<step_refused> refused;
  auto ends = 0;
  while (true) {
    if (!wait_for_input(deadline)) {
      const auto why = complaint();
      return lose(why.empty() ? "the database does not answer in time" : why);
    }
    answer_ptr one{PQgetResult(connection_.get())};
    if (!one) {
      // One stands between two statements.
      if (++ends > 1) return lose("the connection broke: " + complaint());
      continue;
    }
    ends = 0;
    const auto status = PQresultStatus(one.get());
    if (status == PGRES_PIPELINE_SYNC) break;
    if (status == PGRES_TUPLES_OK) {
      rows = std::move(one);
      continue;
    }
    if (status != PGRES_FATAL_ERROR) continue;
    auto why = read_refusal(*one);
    if (!why || PQstatus(connection_.get()) == CONNECTION_BAD) return lose(one_line(PQresultErrorMessage(one.get())));
    if (!refused) refused = step_refused{*why, one_line(PQresultErrorMessage(one.get()))};
  }
  if (refused) return *std::move(refused);
  return step_written{};
}

step_answer append_connection::receive() {
  if (is_broken_ || !connection_) return lose(connection_ ? complaint() : "there is no connection");
  const auto step = sent_.front();
  // The server keeps its own time; this is for one that is not heard of any more.
  const auto deadline = steady_clock::now() + options_.statement_timeout + options_.connect_timeout;
  answer_ptr rows;
  auto answer = read_to_sync(deadline, rows);
  if (std::holds_alternative<connection_lost>(answer)) return answer;
  sent_.pop_front();
  if (step.what == append_step::kind::look && std::holds_alternative<step_written>(answer)) {
    if (!rows) return lose("the database gave no rows");
    return step_found{read_standings(*rows, step.writes)};
  }
  return answer;
}

} // namespace parley::persistence::postgres

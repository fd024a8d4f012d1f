/// How fast one or several append lanes write to PostgreSQL, against the same INSERT by plain libpq:
///
///   append_lane URL MODE LANES BATCH SECONDS
///
/// MODE: `lane` (as the server does it) or `raw` (one blocking INSERT at a time). Each batch has one entry of 200 bytes
/// for each of BATCH conversations. The database must have the tables of Parley; conversations of earlier runs are in
/// nobody's way. Prints one line: rows/s, and CPU per row of this process and of the server's backends (if the server
/// runs on this machine).

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <latch>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <libpq-fe.h>
#include <sys/resource.h>
#include <unistd.h>

#include "persistence/postgres/append_lane.hpp"
#include "persistence/postgres/append_statements.hpp"

namespace {

using namespace parley;
using namespace parley::persistence::postgres;
using std::chrono::steady_clock;

constexpr std::size_t conversations_of_all = 10'000;

struct options {
  std::string url;
  std::string mode;
  std::size_t lanes = 1;
  std::size_t batch = 64;
  std::chrono::seconds duration{3};
};

struct connection_end {
  void operator()(PGconn* one) const { PQfinish(one); }
};
struct answer_end {
  void operator()(PGresult* one) const { PQclear(one); }
};
using connection_ptr = std::unique_ptr<PGconn, connection_end>;
using answer_ptr = std::unique_ptr<PGresult, answer_end>;

[[noreturn]] void give_up(const std::string& why) {
  fmt::print(stderr, "append_lane: {}\n", why);
  std::exit(1);
}

connection_ptr connect(const std::string& url) {
  const char* const names[] = {"dbname", "application_name", nullptr};
  const char* const values[] = {url.c_str(), "parley", nullptr};
  connection_ptr made{PQconnectdbParams(names, values, 1)};
  if (PQstatus(made.get()) != CONNECTION_OK) give_up(PQerrorMessage(made.get()));
  return made;
}

/// The conversations of one lane, each of which gets the next entry in turn.
class source {
public:
  explicit source(std::size_t conversations) {
    for (std::size_t i = 0; i < conversations; ++i) logs_.push_back({random_conversation(), 0});
  }

  std::vector<conversation_write> next(std::size_t count) {
    std::vector<conversation_write> batch;
    for (std::size_t i = 0; i < count; ++i) {
      auto& [id, head] = logs_[at_++ % logs_.size()];
      entry one{.conversation = id, .seq = ++head, .author = {"somebody"}, .client = client_id{random_uuid()}};
      one.body = R"({"text":")" + std::string(189, 'x') + R"("})";
      one.at = from_millis(1'790'000'000'000);
      one.countable = true;
      conversation_write write;
      write.conversation = id;
      write.entries.push_back(std::move(one));
      batch.push_back(std::move(write));
    }
    return batch;
  }

private:
  struct log {
    conversation_id id;
    seq_no head;
  };
  std::vector<log> logs_;
  std::size_t at_ = 0;
};

/// Connections stay until the processor time of their backends is read.
struct finish {
  explicit finish(std::ptrdiff_t lanes) : written{lanes} {}

  void wait() {
    written.count_down();
    measured.wait();
  }

  std::latch written;
  std::latch measured{1};
};

std::size_t write_by_lane(const options& of, source& from, steady_clock::time_point end, finish& last) {
  append_lane lane{{.url = of.url}};
  std::size_t rows = 0;
  std::size_t under_way = 0;
  const auto take = [&] {
    for (const auto& one : lane.take()) {
      if (!one || !std::holds_alternative<committed>(*one)) give_up("an entry was not written");
      ++rows;
    }
    --under_way;
  };
  while (steady_clock::now() < end) {
    for (; under_way < lane.depth(); ++under_way) lane.put(from.next(of.batch));
    take();
  }
  while (under_way > 0) take();
  last.wait();
  return rows;
}

std::size_t write_raw(const options& of, source& from, steady_clock::time_point end, finish& last) {
  const auto to = connect(of.url);
  const auto& insert = append_statements().front();
  std::vector<Oid> types;
  for (const auto type : insert.columns) types.push_back(array_type(type));
  const answer_ptr planned{PQexec(to.get(), "SET plan_cache_mode = force_generic_plan")};
  const answer_ptr prepared{PQprepare(to.get(), "insert", insert.text, static_cast<int>(types.size()), types.data())};
  if (PQresultStatus(prepared.get()) != PGRES_COMMAND_OK) give_up(PQerrorMessage(to.get()));
  std::size_t rows = 0;
  while (steady_clock::now() < end) {
    const auto batch = from.next(of.batch);
    append_step step;
    for (const auto& write : batch) step.writes.push_back(&write);
    const auto calls = calls_of(step);
    std::vector<const char*> values;
    std::vector<int> lengths;
    for (const auto& column : calls.front().columns) {
      values.push_back(column.bytes().data());
      lengths.push_back(static_cast<int>(column.bytes().size()));
    }
    const std::vector<int> formats(values.size(), 1);
    const answer_ptr done{PQexecPrepared(to.get(), "insert", static_cast<int>(values.size()), values.data(),
                                         lengths.data(), formats.data(), 1)};
    if (PQresultStatus(done.get()) != PGRES_COMMAND_OK) give_up(PQerrorMessage(to.get()));
    rows += batch.size();
  }
  last.wait();
  return rows;
}

double own_cpu_seconds() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& of) {
    return static_cast<double>(of.tv_sec) + 1e-6 * static_cast<double>(of.tv_usec);
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

/// Of the backends that serve us now.
double backend_cpu_seconds(PGconn& observer) {
  const answer_ptr pids{PQexec(&observer, "SELECT pid FROM pg_stat_activity WHERE application_name = 'parley'"
                                          " AND pid <> pg_backend_pid()")};
  double sum = 0;
  for (int i = 0; i < PQntuples(pids.get()); ++i) {
    std::ifstream file{fmt::format("/proc/{}/stat", PQgetvalue(pids.get(), i, 0))};
    std::string word;
    for (int at = 1; at <= 15 && file >> word; ++at)
      if (at >= 14) sum += std::strtod(word.c_str(), nullptr);
  }
  return sum / static_cast<double>(sysconf(_SC_CLK_TCK));
}

void run(const options& of) {
  const auto observer = connect(of.url);
  const auto begin = steady_clock::now();
  const auto end = begin + of.duration;
  std::atomic<std::size_t> rows{0};
  finish last{static_cast<std::ptrdiff_t>(of.lanes)};
  double backends = 0;
  double seconds = 0;
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < of.lanes; ++i)
      threads.emplace_back([&] {
        source from{conversations_of_all / of.lanes};
        rows += of.mode == "lane" ? write_by_lane(of, from, end, last) : write_raw(of, from, end, last);
      });
    last.written.wait();
    seconds = std::chrono::duration<double>(steady_clock::now() - begin).count();
    backends = backend_cpu_seconds(*observer);
    last.measured.count_down();
  }
  const auto written = static_cast<double>(rows.load());
  fmt::print("{:8} lanes {} batch {:4}: {:7.0f} rows/s, client {:5.2f} us/row, backends {:5.2f} us/row\n", of.mode,
             of.lanes, of.batch, written / seconds, own_cpu_seconds() / written * 1e6, backends / written * 1e6);
}

} // namespace

int main(int count, char** words) {
  if (count != 6) give_up("usage: append_lane URL lane|raw LANES BATCH SECONDS");
  run({.url = words[1],
       .mode = words[2],
       .lanes = std::strtoul(words[3], nullptr, 10),
       .batch = std::strtoul(words[4], nullptr, 10),
       .duration = std::chrono::seconds{std::strtol(words[5], nullptr, 10)}});
}

#include "cluster/metrics_page.hpp"

#include <doctest/doctest.h>

#include "cluster/metrics_text.hpp"
#include "cluster/process_figures.hpp"

using namespace parley;
using namespace parley::cluster;

namespace {

bool has_line(const std::string& page, const std::string& line) {
  return page.starts_with(line + '\n') || page.find('\n' + line + '\n') != std::string::npos;
}

} // namespace

TEST_CASE("metrics: a figure has its meaning and its type before it") {
  metrics_text page;
  page.gauge("sessions", "Connected devices.", 12);
  page.counters("reads_total", "Reads.");
  page.sample("reads_total", "kind", "list", 3);
  page.sample("reads_total", "kind", "item", 0);
  page.counter("seconds_total", "Time.", 0.25);
  CHECK(page.take() == "# HELP sessions Connected devices.\n# TYPE sessions gauge\nsessions 12\n"
                       "# HELP reads_total Reads.\n# TYPE reads_total counter\n"
                       "reads_total{kind=\"list\"} 3\nreads_total{kind=\"item\"} 0\n"
                       "# HELP seconds_total Time.\n# TYPE seconds_total counter\nseconds_total 0.25\n");
}

TEST_CASE("metrics: large counters keep every digit") {
  metrics_text page;
  page.counter("entries_total", "Entries.", 123'456'789'012.0);
  CHECK(has_line(page.take(), "entries_total 123456789012"));
}

TEST_CASE("metrics: the page of a node names what it counts, with 0 for what has not been") {
  persistence::log_counts log;
  log.reads[static_cast<std::size_t>(persistence::log_read::entries)] = 7;
  log.entries = 20;
  log.commits = 4;
  const auto page = metrics_page({.is_ready = true, .connections = 3, .sessions = 2, .actors = 9}, log);
  for (const auto* line :
       {"parley_ready 1", "parley_connections 3", "parley_sessions 2", "parley_actors 9",
        "parley_log_reads_total{kind=\"entries\"} 7", "parley_log_reads_total{kind=\"list\"} 0",
        "parley_entries_appended_total 20", "parley_commits_total 4", "parley_append_collisions_total 0"}) {
    CAPTURE(line);
    CHECK(has_line(page, line));
  }
  CHECK(page.find("unknown") == std::string::npos);
}

TEST_CASE("metrics: a process has used time and memory") {
  const auto before = figures_of_this_process();
  REQUIRE(before);
  CHECK(before->resident_bytes > 100'000);
  std::uint64_t work = 1;
  while (figures_of_this_process()->cpu_seconds <= before->cpu_seconds) work = work * 3 + 1;
  CHECK(work != 0);
}

#include "cluster/metrics_page.hpp"

#include "cluster/metrics_text.hpp"
#include "cluster/process_figures.hpp"

namespace parley::cluster {

namespace {

double number(const std::atomic<std::uint64_t>& count) {
  return static_cast<double>(count.load(std::memory_order_relaxed));
}

void add_log(metrics_text& page, const persistence::log_counts& log) {
  constexpr auto reads = "parley_log_reads_total";
  page.counters(reads, "Reads of the log store, by what is read.");
  for (std::size_t i = 0; i < persistence::log_read_kinds; ++i) {
    const auto kind = static_cast<persistence::log_read>(i);
    page.sample(reads, "kind", to_string(kind), number(log.of(kind)));
  }
  page.counter("parley_entries_appended_total", "Entries committed to logs.", number(log.entries));
  page.counter("parley_commits_total", "Transactions that committed entries or positions.", number(log.commits));
  page.counter("parley_append_collisions_total", "Writes that found another one at their place.",
               number(log.collisions));
  page.counter("parley_append_repetitions_total", "Writes whose client id was in the log already.",
               number(log.repetitions));
  page.counter("parley_append_failures_total", "Writes that the database did not take.", number(log.failures));
}

} // namespace

std::string metrics_page(const node_figures& node, const persistence::log_counts& log) {
  metrics_text page;
  page.gauge("parley_ready", "1 while the node takes messages.", node.is_ready ? 1 : 0);
  page.gauge("parley_connections", "Open connections of clients, HTTP and WebSocket.",
             static_cast<double>(node.connections));
  page.gauge("parley_sessions", "Sessions, those included that wait to be resumed.",
             static_cast<double>(node.sessions));
  page.gauge("parley_actors", "Actors that run.", static_cast<double>(node.actors));
  add_log(page, log);
  if (const auto process = figures_of_this_process()) {
    page.counter("process_cpu_seconds_total", "Processor time, user and system.", process->cpu_seconds);
    page.gauge("process_resident_memory_bytes", "Resident memory.", static_cast<double>(process->resident_bytes));
  }
  return page.take();
}

} // namespace parley::cluster

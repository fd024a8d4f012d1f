#include "tools/parleyload/chat_report.hpp"

#include <array>

#include <boost/json.hpp>
#include <fmt/format.h>

namespace parley::load {

namespace json = boost::json;

namespace {

constexpr std::array quantiles{std::pair{"p50", 0.5}, std::pair{"p90", 0.9}, std::pair{"p99", 0.99},
                               std::pair{"p999", 0.999}};

double milliseconds(std::chrono::nanoseconds duration) {
  return std::chrono::duration<double, std::milli>{duration}.count();
}

double mebibytes(std::uint64_t bytes) { return static_cast<double>(bytes) / (1 << 20); }

double messages_per_second(const chat_report& report) {
  return report.sending.count() > 0 ? static_cast<double>(report.completed_while_sending) / report.sending.count() : 0;
}

double cores(const processor_use& use, const chat_report& report) {
  return report.sending.count() > 0 ? std::chrono::duration<double>{use.cpu}.count() / report.sending.count() : 0;
}

double microseconds_per_message(const processor_use& use, const chat_report& report) {
  if (report.completed_while_sending == 0) return 0;
  return static_cast<double>(use.cpu.count()) / static_cast<double>(report.completed_while_sending);
}

std::string latency_row(const char* name, const histogram& latencies) {
  auto row = fmt::format("  {:<16}", name);
  for (const auto& [label, q] : quantiles) row += fmt::format("{:>10.3f}", milliseconds(latencies.quantile(q)));
  return row + fmt::format("{:>10.3f}\n", milliseconds(latencies.max()));
}

std::string cpu_row(const char* name, const processor_use& use, const chat_report& report) {
  return fmt::format("  {:<16}{:>10.2f} cores  {:>8.1f} us a message  {:>8.1f} MiB\n", name, cores(use, report),
                     microseconds_per_message(use, report), mebibytes(use.resident_bytes));
}

json::object as_json(const histogram& latencies) {
  const auto microseconds = [](std::chrono::nanoseconds duration) {
    return static_cast<double>(duration.count()) / 1000;
  };
  json::object object;
  for (const auto& [label, q] : quantiles) object[label] = microseconds(latencies.quantile(q));
  object["max"] = microseconds(latencies.max());
  return object;
}

json::object as_json(const processor_use& use, const chat_report& report) {
  return {{"cpuUs", use.cpu.count()},
          {"cores", cores(use, report)},
          {"usPerMessage", microseconds_per_message(use, report)},
          {"rssBytes", use.resident_bytes}};
}

json::object as_json(const std::map<std::string, std::uint64_t, std::less<>>& counts) {
  json::object object;
  for (const auto& [name, count] : counts) object[name] = count;
  return object;
}

std::string plan_of(const chat_options& options) {
  const auto pace =
      options.rate > 0 ? fmt::format("{:g} messages/s", options.rate) : fmt::format("window {}", options.window);
  return fmt::format("{} pairs, {}, {} bytes, {:g} s", options.pairs, pace, options.text_bytes,
                     options.duration.count());
}

} // namespace

bool is_clean(const chat_results& seen) {
  return seen.lost == 0 && seen.unanswered == 0 && seen.refused == 0 && seen.doubled == 0 && seen.duplicates == 0 &&
         seen.holes == 0 && seen.out_of_order == 0 && seen.wrong == 0 && seen.failures.empty();
}

std::string as_table(const chat_report& report, const chat_options& options) {
  const auto& seen = report.results;
  auto table =
      fmt::format("chat, run {}: {}{}\n", report.run, plan_of(options), report.interrupted ? ", interrupted" : "");
  table += fmt::format("  connecting {:.1f} s, sending {:.1f} s, draining {:.1f} s\n\n", report.connecting.count(),
                       report.sending.count(), report.draining.count());
  table += fmt::format("  {:<16}{:>10.0f} a second\n", "messages", messages_per_second(report));
  table += fmt::format("  {:<16}sent {}, acked {}, received {}, unsent {}, repeated {}, receipts {}\n\n", "", seen.sent,
                       seen.acked, seen.received, report.unsent, seen.repeated, seen.receipts);
  table += fmt::format("  {:<16}{:>10}{:>10}{:>10}{:>10}{:>10}\n", "milliseconds", "p50", "p90", "p99", "p99.9", "max");
  table += latency_row("send to ack", seen.to_ack);
  table += latency_row("send to receiver", seen.to_received);
  table += '\n';
  table += cpu_row("this program", report.own, report);
  if (report.server) table += cpu_row("server", *report.server, report);
  table += '\n';
  for (const auto& [code, count] : seen.errors) table += fmt::format("  error {:<24}{:>8}\n", code, count);
  for (const auto& [why, count] : seen.failures) table += fmt::format("  failed pairs {:>6}: {}\n", count, why);
  if (!seen.first_wrong.empty()) table += fmt::format("  first wrong: {}\n", seen.first_wrong);
  table += fmt::format(
      "  lost {}, unanswered {}, refused {}, doubled {}, duplicates {}, holes {}, out of order {}, wrong {}\n",
      seen.lost, seen.unanswered, seen.refused, seen.doubled, seen.duplicates, seen.holes, seen.out_of_order,
      seen.wrong);
  return table + (is_clean(seen) ? "  every acknowledged message arrived once, whole and in order\n" : "  FAILED\n");
}

std::string as_json(const chat_report& report, const chat_options& options) {
  const auto& seen = report.results;
  json::object object{{"mode", "chat"},
                      {"run", report.run},
                      {"ok", is_clean(seen)},
                      {"interrupted", report.interrupted},
                      {"pairs", options.pairs},
                      {"pairsFailed", report.pairs_failed},
                      {"size", options.text_bytes},
                      {"connectSeconds", report.connecting.count()},
                      {"sendSeconds", report.sending.count()},
                      {"drainSeconds", report.draining.count()},
                      {"messagesPerSecond", messages_per_second(report)},
                      {"sent", seen.sent},
                      {"acked", seen.acked},
                      {"received", seen.received},
                      {"unsent", report.unsent},
                      {"repeated", seen.repeated},
                      {"receipts", seen.receipts},
                      {"lost", seen.lost},
                      {"unanswered", seen.unanswered},
                      {"refused", seen.refused},
                      {"doubled", seen.doubled},
                      {"duplicates", seen.duplicates},
                      {"holes", seen.holes},
                      {"outOfOrder", seen.out_of_order},
                      {"wrong", seen.wrong},
                      {"firstWrong", seen.first_wrong},
                      {"errors", as_json(seen.errors)},
                      {"failures", as_json(seen.failures)},
                      {"ackUs", as_json(seen.to_ack)},
                      {"receivedUs", as_json(seen.to_received)},
                      {"self", as_json(report.own, report)}};
  if (options.rate > 0)
    object["rate"] = options.rate;
  else
    object["window"] = options.window;
  if (report.server) object["server"] = as_json(*report.server, report);
  return json::serialize(object);
}

} // namespace parley::load

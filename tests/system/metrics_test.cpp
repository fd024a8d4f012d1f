#include <doctest/doctest.h>

#include <fstream>
#include <map>
#include <sstream>

#include "tests/system/chat.hpp"
#include "tests/system/running_node.hpp"

namespace parley::tests {

namespace {

/// The figures of the page, by name and labels.
std::map<std::string, double> figures_of(const running_node& node) {
  std::string token;
  std::ifstream{node.process.data() / "admin.token"} >> token;
  const auto answer = node.http().get("/metrics", {{"authorization", "Bearer " + token}});
  REQUIRE(answer.status == 200);
  std::map<std::string, double> figures;
  std::istringstream lines{answer.body};
  for (std::string line; std::getline(lines, line);)
    if (!line.starts_with('#')) figures[line.substr(0, line.rfind(' '))] = std::stod(line.substr(line.rfind(' ') + 1));
  return figures;
}

} // namespace

TEST_CASE("metrics: what people do is seen in the figures") {
  const running_node node;
  node.introduce({"bob"});
  const auto before = figures_of(node);
  CHECK(before.at("parley_ready") == 1);
  CHECK(before.at("parley_connections") >= 1);
  CHECK(before.at("parley_entries_appended_total") == 0);

  auto ann = node.online("ann");
  const auto conversation = ann.ask(send_to("bob", "hello"))["conversation"].text();
  CHECK(whole_history(ann, conversation).size() == 1);

  const auto after = figures_of(node);
  CHECK(after.at("parley_sessions") == before.at("parley_sessions") + 1);
  CHECK(after.at("parley_entries_appended_total") == 1);
  CHECK(after.at("parley_commits_total") >= 1);
  for (const auto* kind : {"entries", "access", "backlog"}) {
    const auto name = std::string{"parley_log_reads_total{kind=\""} + kind + "\"}";
    CAPTURE(name);
    CHECK(after.at(name) > before.at(name));
  }
  CHECK(after.at("process_cpu_seconds_total") >= before.at("process_cpu_seconds_total"));
  CHECK(after.at("process_resident_memory_bytes") > 1'000'000);
}

TEST_CASE("metrics: users are no operators") {
  const running_node node;
  CHECK(node.http().get("/metrics").status == 401);
  CHECK(node.http().get("/metrics", {{"authorization", "Bearer " + node.token("ann")}}).status == 401);
}

} // namespace parley::tests

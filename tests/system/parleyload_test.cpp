#include <doctest/doctest.h>

#include <array>
#include <cstdio>
#include <cstdlib>

#include <fmt/format.h>
#include <sys/wait.h>

#include "tests/system/tls_node.hpp"

namespace parley::tests {

namespace {

const std::vector<std::string> without_limits{"limits.send_rate=0", "limits.frame_rate=0", "limits.history_rate=0",
                                              "limits.create_rate=0"};

struct load_result {
  int code = 0;
  /// Both streams.
  std::string out;
  tests::json report;
};

/// `words` begin with the mode. The run is ended after a minute.
load_result load(const running_node& node, const std::string& words) {
  const auto* program = std::getenv("PARLEYLOAD");
  if (program == nullptr) throw std::runtime_error{"the environment variable PARLEYLOAD must name the program"};
  const auto command =
      fmt::format("timeout 60 '{}' {} --json --url {} --secret '{}' 2>&1", program, words, node.url(), shared_secret);
  auto* const pipe = ::popen(command.c_str(), "r");
  REQUIRE(pipe != nullptr);
  load_result end;
  std::array<char, 4096> some{};
  while (const auto size = std::fread(some.data(), 1, some.size(), pipe)) end.out.append(some.data(), size);
  const auto status = ::pclose(pipe);
  end.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  end.report = json::parse_if(end.out);
  return end;
}

double figure(const load_result& end, std::string_view name) {
  CAPTURE(name);
  REQUIRE(end.report[name].exists());
  return std::stod(end.report[name].dump());
}

} // namespace

TEST_CASE("parleyload: messages of pairs arrive, offered at a rate or as fast as they go") {
  const running_node node{without_limits};
  for (const auto* pace : {"--window 4", "--rate 100"}) {
    const auto end = load(node, fmt::format("chat --pairs 5 --seconds 0.5 {}", pace));
    CAPTURE(end.out);
    CHECK(end.code == 0);
    CHECK(figure(end, "received") > 10);
  }
}

TEST_CASE("parleyload: what it sends while it warms up is checked, and not measured") {
  const running_node node{without_limits};
  const auto end = load(node, "chat --pairs 5 --rate 100 --warm-up 1 --seconds 0.5");
  CAPTURE(end.out);
  CHECK(end.code == 0);
  CHECK(figure(end, "received") == 150);
  CHECK(figure(end, "messagesPerSecond") * figure(end, "sendSeconds") < 150);
}

TEST_CASE("parleyload: what an idle connection costs is told, several devices of a user included") {
  const running_node node{without_limits};
  const auto end = load(node, "idle --connections 40 --users 8 --seconds 0.5");
  CAPTURE(end.out);
  CHECK(end.code == 0);
  CHECK(figure(end, "connections") == 40);
  CHECK(figure(end, "serverUsPerConnect") > 0);
  CHECK(figure(end, "residentPerSession") > 0);
  CHECK(end.report["slabPerSession"].exists());
}

TEST_CASE("parleyload: it speaks TLS where the url says so") {
  const tls_node node{without_limits};
  for (const auto* mode : {"chat --pairs 5 --seconds 0.5", "idle --connections 40 --seconds 0.5"}) {
    const auto end = load(node, fmt::format("{} --ca '{}'", mode, node.authority));
    CAPTURE(end.out);
    CHECK(end.code == 0);
  }
}

TEST_CASE("parleyload: more connections than the process may open files are refused before anything is opened") {
  const running_node node{without_limits};
  const auto end = load(node, "idle --connections 1000000");
  CAPTURE(end.out);
  CHECK(end.code == 1);
  CHECK(end.out.starts_with("parleyload: 1000000 sockets are more than the "));
}

TEST_CASE("parleyload: every member of a group has every message") {
  const running_node node{without_limits};
  const auto end = load(node, "group --members 20 --senders 2 --seconds 0.5 --confirm-every 4");
  CAPTURE(end.out);
  CHECK(end.code == 0);
  CHECK(figure(end, "sent") > 2);
  CHECK(figure(end, "acked") == figure(end, "sent"));
  CHECK(figure(end, "lost") == 0);
  const auto open = load(node, "group --members 20 --seconds 0.5 --rate 40");
  CAPTURE(open.out);
  CHECK(open.code == 0);
  CHECK(figure(open, "sent") == 20);
}

TEST_CASE("parleyload: a group that is hinted instead of pushed is no group to measure") {
  auto settings = without_limits;
  settings.emplace_back("groups.push_limit=5");
  const running_node node{settings};
  const auto end = load(node, "group --members 20 --seconds 0.5");
  CAPTURE(end.out);
  CHECK(end.code != 0);
}

TEST_CASE("parleyload: pages of history are the newest entries") {
  const running_node node{without_limits};
  // One conversation with fewer entries than a page has, others with more.
  for (const auto* size : {"--conversations 1 --messages 3", "--conversations 6 --messages 60"}) {
    const auto end = load(node, fmt::format("history --connections 3 --seconds 0.3 {}", size));
    CAPTURE(end.out);
    CHECK(end.code == 0);
    CHECK(figure(end, "answered") > 3);
    CHECK(figure(end, "wrong") == 0);
  }
}

TEST_CASE("parleyload: clients that are dropped come back by their tickets") {
  const running_node node{without_limits};
  const auto end = load(node, "reconnect --connections 30 --within 0.3");
  CAPTURE(end.out);
  CHECK(end.code == 0);
  CHECK(figure(end, "readyShare") == 1);
  CHECK(figure(end, "resumedShare") == 1);
}

TEST_CASE("parleyload: a server that refuses everybody is an error") {
  const running_node node;
  CHECK(load(node, "idle --connections 3 --secret-file /dev/null").code == 1);
  const auto* program = std::getenv("PARLEYLOAD");
  const auto status = std::system(
      fmt::format("'{}' reconnect --connections 3 --url {} --secret wrong 2>/dev/null", program, node.url()).c_str());
  CHECK(WEXITSTATUS(status) == 1);
}

} // namespace parley::tests

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>

#include <fmt/format.h>

#include "tests/system/running_node.hpp"

namespace parley::tests {

namespace {

/// Starts a server that must refuse, and answers the one line that says why.
std::string refusal(const server_options& options) {
  server_process server{options};
  CHECK(server.run_to_end() == process_end{.code = 1});
  CHECK(server.output().empty());
  const auto log = server.log();
  CHECK(std::count(log.begin(), log.end(), '\n') == 1);
  CHECK(log.ends_with('\n'));
  return log;
}

bool says(const std::string& line, const std::string& what) {
  if (line.find(what) != std::string::npos) return true;
  MESSAGE(line);
  return false;
}

} // namespace

TEST_CASE("start: the ready line names the address and the node") {
  server_process server{{.settings = {"node.id=kitchen"}}};
  server.start();
  CHECK(server.output() == fmt::format("ready http={} node=kitchen\n", server.url()));
  CHECK(server.stop() == process_end{});
}

TEST_CASE("start: --listen may be repeated, and every address answers") {
  server_process server{{.listen = {"127.0.0.1:0", "127.0.0.1:0"}}};
  server.start();
  const auto line = server.output();
  const auto second = line.find(",http://");
  REQUIRE(second != std::string::npos);
  const auto other = line.substr(second + 1, line.find(' ', second) - second - 1);
  CHECK(other != server.url());
  for (const auto& url : {server.url(), other}) CHECK(http_client{url}.get("/readyz").status == 200);
}

TEST_CASE("start: a second server on the same data directory refuses, and says so in one line") {
  const running_node first;
  const auto line = refusal({.data = first.process.data()});
  CHECK(says(line, first.process.data().string()));
  CHECK(says(line, fmt::to_string(first.process.pid())));
  CHECK(first.http().get("/readyz").status == 200);
}

TEST_CASE("start: when the first server is gone, however it went, the next one starts") {
  running_node node;
  node.process.kill();
  node.process.start();
  CHECK(node.process.stop() == process_end{});
  node.process.start();
  CHECK(node.http().get("/readyz").status == 200);
}

TEST_CASE("start: a data directory that cannot be made or written is one line") {
  const temporary_directory folder;
  std::ofstream{folder.path() / "file"} << "no folder";
  for (const auto& data :
       {folder.path() / "file", folder.path() / "file" / "data", std::filesystem::path{"/proc/parley"}})
    CHECK(says(refusal({.data = data}), data.string()));
}

TEST_CASE("start: a database that is none is one line") {
  const temporary_directory folder;
  std::ofstream{folder.path() / "parley.db"} << std::string(10'000, 'x');
  CHECK(says(refusal({.data = folder.path()}), "parley.db"));
}

TEST_CASE("start: an address that is taken is one line") {
  const running_node first;
  const auto address = authority_of(first.url());
  CHECK(says(refusal({.listen = {address}}), address));
}

TEST_CASE("start: a bad setting is one line that names its key") {
  for (const auto* setting :
       {"limits.send_rate=fast", "limits.replay=0", "session.heartbeat_ms=1", "http.origins=somewhere",
        "log.level=loud", "no.such_key=1", "limits.no_such_key=1", "http.web_root=no/such/folder",
        "auth.jwt.public_key=no key", "auth.registration=perhaps", "store.kind=paper"}) {
    CAPTURE(setting);
    const std::string text{setting};
    CHECK(says(refusal({.settings = {text}}), text.substr(0, text.find('='))));
  }
  CHECK(says(refusal({.listen = {"nowhere"}}), "http.listen"));
}

} // namespace parley::tests

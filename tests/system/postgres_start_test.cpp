#include <doctest/doctest.h>

#include <algorithm>

#include <fmt/format.h>

#include "tests/postgres_server.hpp"
#include "tests/system/chat.hpp"
#include "tests/system/running_node.hpp"

namespace parley::tests {

namespace {

std::vector<std::string> settings_for(const std::string& url) {
  return {"store.kind=postgres", "postgres.url=" + url, "postgres.connect_timeout_ms=2000"};
}

} // namespace

TEST_CASE("postgres: --migrate-only makes the tables, then a role that may not change them is enough") {
  const auto& server = postgres_server::shared();
  const auto name = postgres_server::shared().make_database();
  server.run(fmt::format("CREATE ROLE chatter_{} LOGIN", name));
  const auto as_chatter =
      server.url(name).replace(server.url(name).find("user=postgres"), 13, fmt::format("user=chatter_{}", name));

  server_process poor{{.settings = settings_for(as_chatter)}};
  CHECK(poor.run_to_end() == process_end{.code = 1});

  server_process migration{{.settings = settings_for(server.url(name)), .flags = {"--migrate-only"}}};
  CHECK(migration.run_to_end() == process_end{});
  CHECK(migration.output().empty());
  // A second time there is nothing to do.
  CHECK(migration.run_to_end() == process_end{});

  server.run(fmt::format("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO chatter_{0};"
                         "GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO chatter_{0}",
                         name),
             name);
  const running_node node{settings_for(as_chatter)};
  node.introduce({"bob"});
  auto ann = node.online("ann");
  CHECK(ann.ask(send_to("bob", "hi"))["seq"] == 1);
  auto bob = node.connect("bob");
  CHECK(messages_in(bob.collect_until(of_type("synced"))).size() == 1);
}

TEST_CASE("postgres: a database that cannot be reached is one line, without the password") {
  for (const auto* url :
       {"host=/nowhere password=hunter2 dbname=parley", "postgresql://parley:hunter2@127.0.0.1:1/x"}) {
    server_process server{{.settings = settings_for(url)}};
    CHECK(server.run_to_end() == process_end{.code = 1});
    const auto log = server.log();
    CAPTURE(log);
    CHECK(std::count(log.begin(), log.end(), '\n') == 1);
    CHECK(log.find("hunter2") == std::string::npos);
    CHECK(log.find("PostgreSQL") != std::string::npos);
  }
}

TEST_CASE("postgres: a conversation survives kill -9 of the node") {
  running_node node{settings_for(postgres_server::shared().url(postgres_server::shared().make_database()))};
  node.introduce({"bob"});
  auto ann = node.online("ann");
  const auto conversation = ann.ask(send_to("bob", "1"))["conversation"].text();
  for (int i = 2; i <= 20; ++i) CHECK(ann.ask(send_in(conversation, fmt::to_string(i)))["seq"] == i);
  node.process.kill();
  node.process.start();
  auto again = node.online("ann");
  const auto log = whole_history(again, conversation);
  CHECK(log.size() == 20);
  CHECK(is_dense(log));
  CHECK(again.ask(send_in(conversation, "21"))["seq"] == 21);
}

} // namespace parley::tests

#include "tests/unit/config/temporary_file.hpp"

#include <parley/load_settings.hpp>

#include <doctest/doctest.h>

using namespace parley;
using parley::testing::temporary_file;
using namespace std::chrono_literals;

namespace {

settings load(const settings_sources& from) {
  auto loaded = load_settings(from);
  REQUIRE_MESSAGE(loaded, loaded.error().detail);
  return *std::move(loaded);
}

} // namespace

TEST_CASE("config: without any source everything has its default") {
  const auto loaded = load({});
  CHECK(loaded.http.listen == std::vector<std::string>{"127.0.0.1:8080"});
  CHECK(loaded.session.resume == 120s);
  CHECK(loaded.auth.registration);
}

TEST_CASE("config: a file sets values of every type") {
  const temporary_file file{R"(
    data = "/srv/parley"
    http.listen = ["0.0.0.0:80", "[::1]:8081"]
    [auth]
    registration = false
    token_lifetime_s = 600
    [auth.jwt]
    issuer = "https://id.example.com"
    [limits]
    send_rate = 2.5
    history_rate = 7
    in_flight = 8
    [session]
    heartbeat_ms = 5000
  )"};
  const auto loaded = load({.file = file.path(), .environment = {}, .overrides = {}});
  CHECK(loaded.data == "/srv/parley");
  CHECK(loaded.http.listen == std::vector<std::string>{"0.0.0.0:80", "[::1]:8081"});
  CHECK_FALSE(loaded.auth.registration);
  CHECK(loaded.auth.token_lifetime == 600s);
  CHECK(loaded.auth.jwt.issuer == "https://id.example.com");
  CHECK(loaded.limits.send.per_second == 2.5);
  CHECK(loaded.limits.history.per_second == 7);
  CHECK(loaded.limits.in_flight == 8);
  CHECK(loaded.session.heartbeat == 5s);
}

TEST_CASE("config: the environment reaches every depth of the names") {
  const auto loaded = load({.file = {},
                            .environment = {"PARLEY__DATA=/d", "PARLEY__HTTP__LISTEN=a:1, b:2",
                                            "PARLEY__HTTP__ORIGINS=", "PARLEY__AUTH__JWT__HS256_SECRET=a=b",
                                            "PARLEY__AUTH__REGISTRATION=false", "PARLEY__LIMITS__SEND_RATE=0.5",
                                            "PARLEY_HOME=ignored", "PATH=/bin"},
                            .overrides = {}});
  CHECK(loaded.data == "/d");
  CHECK(loaded.http.listen == std::vector<std::string>{"a:1", "b:2"});
  CHECK(loaded.http.origins.empty());
  CHECK(loaded.auth.jwt.hs256_secret == "a=b");
  CHECK_FALSE(loaded.auth.registration);
  CHECK(loaded.limits.send.per_second == 0.5);
}

TEST_CASE("config: flags go before the environment, and the environment before the file") {
  const temporary_file file{"[node]\nid = 'file'\n[log]\nlevel = 'debug'\n[store]\nreaders = 5\n"};
  const auto loaded = load({.file = file.path(),
                            .environment = {"PARLEY__NODE__ID=environment", "PARLEY__LOG__LEVEL=warn"},
                            .overrides = {{"node.id", "first", "--set"}, {"node.id", "second", "--set"}}});
  CHECK(loaded.node.id == "second");
  CHECK(loaded.log.level == "warn");
  CHECK(loaded.store.readers == 5);
}

TEST_CASE("config: --set takes everything behind the first equals sign") {
  const auto flag = parse_set_flag("auth.jwt.issuer=https://x?a=b");
  REQUIRE(flag);
  CHECK(flag->key == "auth.jwt.issuer");
  CHECK(flag->value == "https://x?a=b");
  CHECK(parse_set_flag("node.id=")->value.empty());
  for (const auto* text : {"", "=", "=x", "node.id"}) CHECK_FALSE(parse_set_flag(text));
}

TEST_CASE("config: printed settings load to themselves") {
  auto changed = settings{};
  changed.data = "C:\\parley \"data\"\n\x01";
  changed.http.listen = {"a:1", "b:2"};
  changed.http.origins = {"https://chat.example.com", "capacitor://localhost"};
  changed.limits.send = {0.25, 1};
  changed.presence.grace = 0ms;
  const temporary_file file{print_settings(changed)};
  const auto loaded = load({.file = file.path(), .environment = {}, .overrides = {}});
  CHECK(print_settings(loaded) == print_settings(changed));
  CHECK(loaded.data == changed.data);
  CHECK(loaded.http.origins == changed.http.origins);
}

TEST_CASE("config: printed settings hide secrets that are set") {
  auto changed = settings{};
  CHECK(print_settings(changed).find("***") == std::string::npos);
  changed.auth.jwt.hs256_secret = "hunter2";
  changed.admin.token = "hunter3";
  changed.postgres.url = "postgresql://parley:hunter4@db.example.com/parley";
  changed.postgres.shards = {"postgresql://parley:hunter5@db2.example.com/parley", "dbname=third password=hunter6"};
  const auto text = print_settings(changed);
  CHECK(text.find("hunter") == std::string::npos);
  CHECK(text.find("hs256_secret = \"***\"") != std::string::npos);
  CHECK(text.find("token = \"***\"") != std::string::npos);
  CHECK(text.find("shards = [\"***\", \"***\"]") != std::string::npos);
}

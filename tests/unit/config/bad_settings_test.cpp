#include "tests/unit/config/temporary_file.hpp"

#include <parley/load_settings.hpp>

#include <doctest/doctest.h>

using namespace parley;
using parley::testing::temporary_file;

namespace {

std::string complaint_about(const settings_sources& from) {
  const auto loaded = load_settings(from);
  REQUIRE_FALSE(loaded);
  CHECK(loaded.error().code == errc::invalid_argument);
  CHECK(loaded.error().detail.find('\n') == std::string::npos);
  return loaded.error().detail;
}

struct bad_value {
  const char* key;
  const char* value;
  const char* complaint;
};

} // namespace

TEST_CASE("config: a bad value in a flag is refused in one line") {
  const bad_value cases[] = {
      {"http.lisen", "a:1", "http.lisen: no such setting (flag --set)"},
      {"http", "a:1", "http: no such setting (flag --set)"},
      {"", "x", ": no such setting (flag --set)"},
      {"a\nb", "x", "\"a\\nb\": no such setting (flag --set)"},
      {"http.listen", "8080", "http.listen: \"8080\" is not HOST:PORT (flag --set)"},
      {"http.listen", ":8080", "http.listen: \":8080\" is not HOST:PORT (flag --set)"},
      {"http.listen", "a:65536", "http.listen: \"a:65536\" is not HOST:PORT (flag --set)"},
      {"http.listen", "a:-1", "http.listen: \"a:-1\" is not HOST:PORT (flag --set)"},
      {"http.listen", "a:", "http.listen: \"a:\" is not HOST:PORT (flag --set)"},
      {"http.listen", "::1:80", "http.listen: \"::1:80\" is not HOST:PORT (flag --set)"},
      {"http.listen", "a b:80", "http.listen: \"a b:80\" is not HOST:PORT (flag --set)"},
      {"http.listen", "a:1\nb:2", "http.listen: \"a:1\\nb:2\" is not HOST:PORT (flag --set)"},
      {"http.listen", "a:1,,b:2", "http.listen: there is nothing between two commas (flag --set)"},
      {"http.listen", "", "http.listen: 0 items are given, not 1 to 64 (flag --set)"},
      {"http.origins", "example.com",
       "http.origins: \"example.com\" is not an origin like https://chat.example.com (flag --set)"},
      {"http.origins", "https://a.b/",
       "http.origins: \"https://a.b/\" is not an origin like https://chat.example.com (flag --set)"},
      {"http.origins", "*", "http.origins: \"*\" is not an origin like https://chat.example.com (flag --set)"},
      {"http.io_threads", "many", "http.io_threads: \"many\" is not a whole number (flag --set)"},
      {"http.io_threads", "1.5", "http.io_threads: \"1.5\" is not a whole number (flag --set)"},
      {"http.io_threads", " 2", "http.io_threads: \" 2\" is not a whole number (flag --set)"},
      {"http.io_threads", "0", "http.io_threads: 0 is not between 1 and 256 (flag --set)"},
      {"http.io_threads", "-1", "http.io_threads: -1 is not between 1 and 256 (flag --set)"},
      {"http.io_threads", "99999999999999999999",
       "http.io_threads: \"99999999999999999999\" is not a whole number (flag --set)"},
      {"auth.registration", "yes", "auth.registration: \"yes\" is neither true nor false (flag --set)"},
      {"limits.send_rate", "fast", "limits.send_rate: \"fast\" is not a number (flag --set)"},
      {"limits.send_rate", "nan", "limits.send_rate: nan is not between 0 and 1000000 (flag --set)"},
      {"limits.send_rate", "inf", "limits.send_rate: inf is not between 0 and 1000000 (flag --set)"},
      {"limits.send_rate", "-1", "limits.send_rate: -1 is not between 0 and 1000000 (flag --set)"},
      {"session.heartbeat_ms", "25s", "session.heartbeat_ms: \"25s\" is not a whole number (flag --set)"},
      {"session.heartbeat_ms", "0", "session.heartbeat_ms: 0 is not between 100 and 86400000 (flag --set)"},
      {"session.heartbeat", "5", "session.heartbeat: no such setting (flag --set)"},
      {"log.format", "xml", "log.format: \"xml\" is none of: text, json (flag --set)"},
      {"log.level", "INFO", "log.level: \"INFO\" is none of: trace, debug, info, warn, error, off (flag --set)"},
      {"store.kind", "mysql", "store.kind: \"mysql\" is none of: sqlite, postgres (flag --set)"},
      {"node.id", "a/b", "node.id: \"a/b\" is not a node id: 1 to 64 of A-Z a-z 0-9 . _ - (flag --set)"},
      {"data", "", "data: must not be empty (flag --set)"},
  };
  for (const auto& [key, value, complaint] : cases) {
    CHECK(complaint_about({.file = {}, .environment = {}, .overrides = {{key, value, "--set"}}}) == complaint);
  }
}

TEST_CASE("config: a bad line of a file is refused with its number") {
  const bad_value cases[] = {
      {"[http]\nlisten = ['x:1']\nport = 3", "", "http.port: no such setting ({} line 3)"},
      {"http = 3", "", "http: no such setting ({} line 1)"},
      {"[http]\nlisten = 'localhost:1'", "", "http.listen: must be a list of texts ({} line 2)"},
      {"[http]\nlisten = [80]", "", "http.listen: has a type that no setting has ({} line 2)"},
      {"[http.listen]\na = 1", "", "http.listen.a: no such setting ({} line 2)"},
      {"[postgres]\nshards = ['dbname=a', '']", "", "postgres.shards: must not be empty ({} line 2)"},
      {"data = 2020-01-01", "", "data: has a type that no setting has ({} line 1)"},
      {"data = true", "", "data: must be a text ({} line 1)"},
      {"[store]\nreaders = '2'", "", "store.readers: must be a whole number ({} line 2)"},
      {"[store]\nreaders = 2.0", "", "store.readers: must be a whole number ({} line 2)"},
      {"[auth]\nregistration = 1", "", "auth.registration: must be true or false ({} line 2)"},
      {"[limits]\nsend_rate = '1'", "", "limits.send_rate: must be a number ({} line 2)"},
      {"[admin]\ntoken = 7", "", "admin.token: must be a text ({} line 2)"},
  };
  for (const auto& [content, unused, complaint] : cases) {
    const temporary_file file{content};
    auto expected = std::string{complaint};
    expected.replace(expected.find("{}"), 2, file.path());
    CHECK(complaint_about({.file = file.path(), .environment = {}, .overrides = {}}) == expected);
  }
}

TEST_CASE("config: a file that is no TOML, or is not there, is named") {
  for (const auto* content : {"[http", "a = 1\na = 2", "data = 'x", "= 3", "a = \"\xff\""}) {
    const temporary_file file{content};
    const auto complaint = complaint_about({.file = file.path(), .environment = {}, .overrides = {}});
    CHECK_MESSAGE(complaint.starts_with(file.path() + " line "), complaint);
  }
  for (const auto* path : {"/nowhere/parley.toml", "/tmp"}) {
    const auto complaint = complaint_about({.file = path, .environment = {}, .overrides = {}});
    CHECK_MESSAGE(complaint.starts_with(path), complaint);
  }
}

TEST_CASE("config: a misspelt variable of the environment is refused") {
  const bad_value cases[] = {
      {"PARLEY__HTTP__LISEN=a:1", "", "http.lisen: no such setting (environment variable PARLEY__HTTP__LISEN)"},
      {"PARLEY__http__listen=a:1", "", "HTTP.LISTEN: no such setting (environment variable PARLEY__http__listen)"},
      {"PARLEY__HTTP_LISTEN=a:1", "", "http_listen: no such setting (environment variable PARLEY__HTTP_LISTEN)"},
      {"PARLEY__HTTP.LISTEN=a:1", "", "http__listen: no such setting (environment variable PARLEY__HTTP.LISTEN)"},
      {"PARLEY__=x", "", ": no such setting (environment variable PARLEY__)"},
      {"PARLEY__STORE__READERS=", "",
       "store.readers: \"\" is not a whole number (environment variable PARLEY__STORE__READERS)"},
  };
  for (const auto& [variable, unused, complaint] : cases) {
    CHECK(complaint_about({.file = {}, .environment = {variable}, .overrides = {}}) == complaint);
  }
}

TEST_CASE("config: settings that contradict each other are refused, with the place of both") {
  const bad_value cases[] = {
      {"http.tls.cert", "c.pem", "http.tls.cert: needs http.tls.key (flag --set; http.tls.key: default)"},
      {"http.tls.key", "k.pem", "http.tls.key: needs http.tls.cert (flag --set; http.tls.cert: default)"},
      {"store.kind", "postgres", "store.kind: needs postgres.url (flag --set; postgres.url: default)"},
      {"limits.text", "70000",
       "limits.frame: 65536 is below limits.text, which is 70000 (default; limits.text: flag --set)"},
      {"limits.frame", "20000",
       "limits.frame: 20000 is below limits.data, which is 32768 (flag --set; limits.data: default)"},
      {"limits.outbox_bytes", "2000",
       "limits.outbox_bytes: 2000 is below limits.frame, which is 65536 (flag --set; limits.frame: default)"},
      {"auth.refresh_lifetime_s", "60",
       "auth.refresh_lifetime_s: 60 is below auth.token_lifetime_s, which is 3600 (flag --set; auth.token_lifetime_s: "
       "default)"},
      {"limits.send_burst", "0.5",
       "limits.send_burst: 0.5 is below 1 while limits.send_rate is on (flag --set; limits.send_rate: default)"},
  };
  for (const auto& [key, value, complaint] : cases) {
    CHECK(complaint_about({.file = {}, .environment = {}, .overrides = {{key, value, "--set"}}}) == complaint);
  }
}

TEST_CASE("config: a contradiction that a later source mends is none") {
  const auto loaded =
      load_settings({.file = {},
                     .environment = {"PARLEY__HTTP__TLS__CERT=c.pem", "PARLEY__LIMITS__SEND_BURST=0"},
                     .overrides = {{"http.tls.key", "k.pem", "--set"}, {"limits.send_rate", "0", "--set"}}});
  CHECK(loaded);
}

TEST_CASE("config: a complaint never shows a secret") {
  const auto complaint =
      complaint_about({.file = {}, .environment = {"PARLEY__AUTH__JWT__HS256_SECRETS=hunter2"}, .overrides = {}});
  CHECK(complaint.find("hunter") == std::string::npos);
}

#include "net/tls/tls_context.hpp"

#include <doctest/doctest.h>

#include "tests/contract/temporary_directory.hpp"
#include "tests/unit/net/tls/certificates.hpp"
#include "tests/unit/net/tls/tls_peer.hpp"

namespace parley::net {

namespace {

using namespace std::chrono_literals;
using testing::put_file;

struct context_stage {
  tests::temporary_directory folder;
  manual_clock time;
  testing::certificate_authority authority;
  testing::issued_certificate first = authority.issue("first");
  testing::issued_certificate second = authority.issue("second");
  tls_settings files = testing::put_pair(folder.path(), first);

  /// What the node says when it does not start.
  [[nodiscard]] std::string refusal() const {
    const auto refused = tls_context::load(files, time);
    if (refused) return "it was loaded";
    CHECK(refused.error().code == errc::invalid_argument);
    CHECK(refused.error().detail.find('\n') == std::string::npos);
    return refused.error().detail;
  }
};

/// The name in the certificate that a new connection gets.
std::string name_now(tls_context& context) {
  const auto channel = context.open_channel();
  testing::tls_peer client;
  CHECK(testing::shake_hands(client, *channel));
  return client.server_name();
}

} // namespace

TEST_CASE_FIXTURE(context_stage, "tls files: what cannot be used is refused with its setting and its name") {
  const auto cert = files.cert, key = files.key;
  SUBCASE("a file that is not there") {
    files.cert = folder.path() / "nowhere";
    CHECK(refusal() == "http.tls.cert: " + files.cert + " cannot be read: No such file or directory");
    files = {cert, folder.path() / "nowhere"};
    CHECK(refusal() == "http.tls.key: " + files.key + " cannot be read: No such file or directory");
  }
  SUBCASE("a folder") {
    files.cert = folder.path();
    CHECK(refusal() == "http.tls.cert: " + files.cert + " cannot be read: Is a directory");
  }
  SUBCASE("no PEM, or of another kind") {
    for (const auto& text : {std::string{}, std::string{"hello\n"}, std::string(10'000, '\0')}) {
      put_file(cert, text);
      CHECK(refusal() == "http.tls.cert: " + cert + " holds no certificate in PEM");
    }
    put_file(cert, first.key);
    CHECK(refusal() == "http.tls.cert: " + cert + " holds no certificate in PEM");
    put_file(cert, first.cert);
    put_file(key, first.cert);
    CHECK(refusal() == "http.tls.key: " + key + " holds no private key in PEM");
  }
  SUBCASE("damaged PEM") {
    auto text = first.cert;
    text.replace(text.size() / 2, 4, "####");
    put_file(cert, text);
    CHECK(refusal().starts_with("http.tls.cert: " + cert + " holds no usable certificate: "));
    put_file(cert, first.cert);
    text = first.key;
    text.replace(text.size() / 2, 4, "####");
    put_file(key, text);
    CHECK(refusal().starts_with("http.tls.key: " + key + " holds no usable private key: "));
  }
  SUBCASE("a key with a password") {
    put_file(key, testing::encrypted(first.key));
    CHECK(refusal() == "http.tls.key: " + key + " is encrypted, and nobody can be asked for its password");
  }
  SUBCASE("a key of another certificate") {
    put_file(key, second.key);
    CHECK(refusal() == "http.tls.key: " + key + " is not the key of http.tls.cert " + cert);
  }
}

TEST_CASE_FIXTURE(context_stage, "tls files: one that has ended is used all the same") {
  (void)testing::put_pair(folder.path(), authority.issue("ended", -1));
  const auto context = tls_context::load(files, time);
  REQUIRE(context);
  CHECK(name_now(**context) == "ended");
}

TEST_CASE_FIXTURE(context_stage, "tls files: a renewal is noticed by the next connection, a second later at most") {
  const auto context = tls_context::load(files, time);
  REQUIRE(context);
  CHECK(name_now(**context) == "first");
  (void)testing::put_pair(folder.path(), second);
  time.advance(900ms);
  CHECK(name_now(**context) == "first");
  time.advance(100ms);
  CHECK(name_now(**context) == "second");
}

TEST_CASE_FIXTURE(context_stage, "tls files: half a renewal, or a bad one, leaves what was") {
  const auto context = tls_context::load(files, time);
  REQUIRE(context);
  const auto open = (*context)->open_channel();
  put_file(files.cert, second.cert);
  for (int i = 0; i < 3; ++i) {
    time.advance(1s);
    CHECK(name_now(**context) == "first");
  }
  put_file(files.key, second.key);
  time.advance(1s);
  CHECK(name_now(**context) == "second");
  put_file(files.key, "no key");
  time.advance(1s);
  CHECK(name_now(**context) == "second");
  std::filesystem::remove(files.cert);
  time.advance(1s);
  CHECK(name_now(**context) == "second");
  // One that had begun goes on with what it began with.
  testing::tls_peer client;
  CHECK(testing::shake_hands(client, *open));
  CHECK(client.server_name() == "first");
}

TEST_CASE_FIXTURE(context_stage, "tls files: tickets of yesterday are not taken any more") {
  const auto context = tls_context::load(files, time);
  REQUIRE(context);
  const auto comes_back = [&](const testing::tls_peer& before) {
    testing::tls_peer client{{.session = before.session()}};
    const auto channel = (*context)->open_channel();
    CHECK(testing::shake_hands(client, *channel));
    return client.is_resumed();
  };
  testing::tls_peer client;
  const auto channel = (*context)->open_channel();
  REQUIRE(testing::shake_hands(client, *channel));
  (void)client.read();
  time.advance(1h);
  CHECK(comes_back(client));
  time.advance(24h);
  CHECK(!comes_back(client));
}

} // namespace parley::net

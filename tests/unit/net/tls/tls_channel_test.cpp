#include "net/tls/tls_channel.hpp"

#include <doctest/doctest.h>

#include "net/tls/tls_context.hpp"
#include "tests/contract/temporary_directory.hpp"
#include "tests/unit/net/tls/certificates.hpp"
#include "tests/unit/net/tls/tls_peer.hpp"

#include <openssl/ssl.h>

namespace parley::net {

namespace {

using testing::carry;
using testing::shake_hands;
using testing::tls_peer;

struct tls_stage {
  [[nodiscard]] std::unique_ptr<tls_channel> server() const { return (*context)->open_channel(); }

  tests::temporary_directory folder;
  manual_clock time;
  testing::certificate_authority authority;
  result<std::unique_ptr<tls_context>> context =
      tls_context::load(testing::put_pair(folder.path(), authority.issue("here")), time);
};

/// What the server writes, as the client reads it.
std::string heard(tls_channel& server, std::string_view text, tls_peer& client) {
  std::vector<char> sent;
  CHECK(server.write(std::span{text}, sent));
  client.give({sent.data(), sent.size()});
  return client.read();
}

} // namespace

TEST_CASE_FIXTURE(tls_stage, "tls: both sides agree however the bytes are cut, and speak") {
  for (const auto piece : {1U, 7U, 100'000U}) {
    CAPTURE(piece);
    const auto channel = server();
    tls_peer client{{.authority = authority.certificate()}};
    REQUIRE(shake_hands(client, *channel, piece));
    CHECK(client.version() == "TLSv1.3");
    CHECK(client.protocol() == "http/1.1");
    CHECK(client.is_trusting());
    const std::string question(50'000, 'q'), answer(50'000, 'a');
    client.write(question);
    CHECK(carry(client.take_output(), *channel, client, piece).text == question);
    CHECK(heard(*channel, answer, client) == answer);
  }
}

TEST_CASE_FIXTURE(tls_stage, "tls: many records in one piece are read at once, in their order") {
  const auto channel = server();
  tls_peer client;
  REQUIRE(shake_hands(client, *channel));
  std::string all;
  for (int i = 0; i < 100; ++i) {
    client.write(std::to_string(i));
    all += std::to_string(i);
  }
  const auto sent = client.take_output();
  std::span<const char> arrived{sent};
  std::array<char, 1'000> room{};
  std::vector<char> answer;
  const auto [bytes, progress] = channel->read(arrived, room, answer);
  CHECK(std::string(room.data(), bytes) == all);
  CHECK(progress == tls_progress::needs_bytes);
  CHECK(arrived.empty());
}

TEST_CASE_FIXTURE(tls_stage, "tls: what there is no room for is kept, and told of") {
  const auto channel = server();
  tls_peer client;
  REQUIRE(shake_hands(client, *channel));
  client.write("first");
  client.write("second");
  const auto sent = client.take_output();
  std::span<const char> arrived{sent};
  std::array<char, 3> room{};
  std::vector<char> answer;
  std::string all;
  CHECK(channel->read(arrived, room, answer).bytes == 3);
  all.append(room.data(), 3);
  // Of the first record, while the second has not been looked at.
  CHECK(channel->has_decrypted());
  CHECK(!arrived.empty());
  while (channel->has_decrypted() || !arrived.empty())
    all.append(room.data(), channel->read(arrived, room, answer).bytes);
  CHECK(all == "firstsecond");
}

TEST_CASE_FIXTURE(tls_stage, "tls: version 1.2 will do, and older ones are refused") {
  tls_peer old{{.version_max = TLS1_2_VERSION}};
  const auto channel = server();
  CHECK(shake_hands(old, *channel));
  CHECK(old.version() == "TLSv1.2");
  CHECK(heard(*channel, "hello", old) == "hello");
  for (const auto version : {TLS1_VERSION, TLS1_1_VERSION}) {
    tls_peer older{{.version_max = version}};
    CHECK(!shake_hands(older, *server()));
  }
}

TEST_CASE_FIXTURE(tls_stage, "tls: nothing is negotiated anew on an open connection") {
  tls_peer client{{.version_max = TLS1_2_VERSION}};
  const auto channel = server();
  REQUIRE(shake_hands(client, *channel));
  REQUIRE(client.renegotiate());
  CHECK(!client.shake_hands());
  (void)carry(client.take_output(), *channel, client);
  CHECK(!client.shake_hands());
  CHECK(client.take_output().size() < 100);
}

TEST_CASE_FIXTURE(tls_stage, "tls: a client that comes back with its ticket is spared half of the handshake") {
  for (const auto version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    const auto channel = server();
    tls_peer first{{.version_max = version}};
    REQUIRE(shake_hands(first, *channel));
    // The ticket of TLS 1.3 follows the handshake.
    (void)heard(*channel, "hello", first);
    CHECK(!first.is_resumed());
    const auto again = server();
    tls_peer second{{.version_max = version, .session = first.session()}};
    REQUIRE(shake_hands(second, *again));
    CHECK(second.is_resumed());
    CHECK(heard(*again, "hello", second) == "hello");
  }
}

TEST_CASE_FIXTURE(tls_stage, "tls: a client may offer no protocol, but not only others") {
  tls_peer silent{{.protocols = {}}};
  CHECK(shake_hands(silent, *server()));
  CHECK(silent.protocol().empty());
  tls_peer modern{{.protocols = {"h2", "http/1.1"}}};
  CHECK(shake_hands(modern, *server()));
  CHECK(modern.protocol() == "http/1.1");
  tls_peer foreign{{.protocols = {"imap"}}};
  CHECK(!shake_hands(foreign, *server()));
}

TEST_CASE_FIXTURE(tls_stage, "tls: what is no TLS ends it, and HTTP is told apart") {
  const auto said = [&](std::string_view bytes) {
    std::span<const char> arrived{bytes};
    std::vector<char> answer;
    return server()->shake_hands(arrived, answer);
  };
  CHECK(said("GET / HTTP/1.1\r\nhost: here\r\n\r\n") == tls_progress::plain_http);
  CHECK(said("POST /v1/login HTTP/1.1\r\n\r\n") == tls_progress::plain_http);
  CHECK(said("SSH-2.0-OpenSSH_9.2\r\n") == tls_progress::broken);
  CHECK(said(std::string(5'000, '\xff')) == tls_progress::broken);
  CHECK(said(std::string(5'000, '\0')) == tls_progress::broken);
  CHECK(said("\x16\x03\x01") == tls_progress::needs_bytes);
}

TEST_CASE_FIXTURE(tls_stage, "tls: a goodbye is told, and a record that was changed on its way breaks it") {
  const auto channel = server();
  tls_peer client;
  REQUIRE(shake_hands(client, *channel));
  client.write("last words");
  client.end();
  const auto turn = carry(client.take_output(), *channel, client);
  CHECK(turn.text == "last words");
  CHECK(turn.progress == tls_progress::closed);
  // It may still be answered.
  CHECK(heard(*channel, "goodbye", client) == "goodbye");

  const auto other = server();
  tls_peer attacked;
  REQUIRE(shake_hands(attacked, *other));
  attacked.write("pay ann");
  auto sent = attacked.take_output();
  sent.back() = static_cast<char>(sent.back() ^ 1);
  const auto broken = carry(sent, *other, attacked);
  CHECK(broken.text.empty());
  CHECK(broken.progress == tls_progress::broken);
}

} // namespace parley::net

/// A client of OpenSSL's own making without a socket, for the other end of a `tls_channel`.

#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "net/tls/tls_channel.hpp"

struct bio_st;
struct ssl_ctx_st;
struct ssl_session_st;

namespace parley::testing {

struct peer_options {
  /// In PEM; empty: whoever answers.
  std::string authority;
  int version_max = 0;
  std::vector<std::string> protocols{"http/1.1"};
  std::shared_ptr<ssl_session_st> session;
};

class tls_peer {
public:
  explicit tls_peer(const peer_options& options = {});

  /// What it sends next, encrypted.
  [[nodiscard]] std::string take_output();
  void give(std::string_view encrypted);
  /// Goes on with the handshake; true when it is through.
  bool shake_hands();
  void write(std::string_view text);
  /// Everything that has come.
  [[nodiscard]] std::string read();
  /// Says goodbye.
  void end();
  /// Asks for another handshake on the same connection.
  bool renegotiate();

  [[nodiscard]] std::string version() const;
  [[nodiscard]] std::string protocol() const;
  /// The common name in the certificate of the server.
  [[nodiscard]] std::string server_name() const;
  [[nodiscard]] bool is_resumed() const;
  [[nodiscard]] bool is_trusting() const;
  /// What a later connection can go on with.
  [[nodiscard]] std::shared_ptr<ssl_session_st> session() const;

private:
  std::shared_ptr<ssl_ctx_st> context_;
  std::shared_ptr<ssl_st> ssl_;
  bio_st* in_ = nullptr;
  bio_st* out_ = nullptr;
};

/// What one turn of the server came to.
struct server_turn {
  net::tls_progress progress = net::tls_progress::fine;
  std::string text;
};

/// Hands `encrypted` to the server in pieces of `piece` bytes, and its answers to the client.
server_turn carry(std::string_view encrypted, net::tls_channel& server, tls_peer& client, std::size_t piece = 100'000);
/// Both sides speak until neither has more to say; false if they do not agree.
bool shake_hands(tls_peer& client, net::tls_channel& server, std::size_t piece = 100'000);

} // namespace parley::testing

#include "tests/unit/net/tls/tls_peer.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

namespace parley::testing {

namespace {

void trust(SSL_CTX* context, const std::string& authority) {
  auto* memory = BIO_new_mem_buf(authority.data(), static_cast<int>(authority.size()));
  auto* certificate = PEM_read_bio_X509(memory, nullptr, nullptr, nullptr);
  BIO_free(memory);
  if (certificate == nullptr || X509_STORE_add_cert(SSL_CTX_get_cert_store(context), certificate) != 1)
    throw std::runtime_error{"no such authority"};
  X509_free(certificate);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
}

std::string in_wire_form(const std::vector<std::string>& protocols) {
  std::string bytes;
  for (const auto& one : protocols) bytes.append(1, static_cast<char>(one.size())).append(one);
  return bytes;
}

} // namespace

tls_peer::tls_peer(const peer_options& options)
    : context_{SSL_CTX_new(TLS_client_method()), SSL_CTX_free}, in_{BIO_new(BIO_s_mem())}, out_{BIO_new(BIO_s_mem())} {
  // Old versions are for the server to refuse.
  SSL_CTX_set_min_proto_version(context_.get(), TLS1_VERSION);
  SSL_CTX_set_security_level(context_.get(), 0);
  if (options.version_max != 0) SSL_CTX_set_max_proto_version(context_.get(), options.version_max);
  if (!options.authority.empty()) trust(context_.get(), options.authority);
  ssl_ = {SSL_new(context_.get()), SSL_free};
  SSL_set_bio(ssl_.get(), in_, out_);
  SSL_set_connect_state(ssl_.get());
  const auto protocols = in_wire_form(options.protocols);
  const auto* const bytes = reinterpret_cast<const unsigned char*>(protocols.data());
  if (!protocols.empty()) SSL_set_alpn_protos(ssl_.get(), bytes, static_cast<unsigned>(protocols.size()));
  if (options.session) SSL_set_session(ssl_.get(), options.session.get());
}

std::string tls_peer::take_output() {
  std::string bytes(BIO_ctrl_pending(out_), '\0');
  if (!bytes.empty()) BIO_read(out_, bytes.data(), static_cast<int>(bytes.size()));
  return bytes;
}

void tls_peer::give(std::string_view encrypted) {
  if (!encrypted.empty()) BIO_write(in_, encrypted.data(), static_cast<int>(encrypted.size()));
}

bool tls_peer::shake_hands() {
  ERR_clear_error();
  return SSL_do_handshake(ssl_.get()) == 1;
}

void tls_peer::write(std::string_view text) {
  if (SSL_write(ssl_.get(), text.data(), static_cast<int>(text.size())) != static_cast<int>(text.size()))
    throw std::runtime_error{"the client cannot write"};
}

std::string tls_peer::read() {
  ERR_clear_error();
  std::string all;
  std::array<char, 16'384> piece{};
  for (std::size_t size = 0; SSL_read_ex(ssl_.get(), piece.data(), piece.size(), &size) == 1;)
    all.append(piece.data(), size);
  return all;
}

void tls_peer::end() { SSL_shutdown(ssl_.get()); }

bool tls_peer::renegotiate() { return SSL_renegotiate(ssl_.get()) == 1; }

std::string tls_peer::version() const { return SSL_get_version(ssl_.get()); }

std::string tls_peer::protocol() const {
  const unsigned char* start = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(ssl_.get(), &start, &size);
  return {reinterpret_cast<const char*>(start), size};
}

std::string tls_peer::server_name() const {
  std::array<char, 100> name{};
  const auto* const certificate = SSL_get0_peer_certificate(ssl_.get());
  if (certificate == nullptr) return {};
  X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, name.data(), name.size());
  return name.data();
}

bool tls_peer::is_resumed() const { return SSL_session_reused(ssl_.get()) == 1; }

bool tls_peer::is_trusting() const { return SSL_get_verify_result(ssl_.get()) == X509_V_OK; }

std::shared_ptr<ssl_session_st> tls_peer::session() const { return {SSL_get1_session(ssl_.get()), SSL_SESSION_free}; }

server_turn carry(std::string_view encrypted, net::tls_channel& server, tls_peer& client, std::size_t piece) {
  server_turn turn{net::tls_progress::needs_bytes, {}};
  std::vector<char> answer;
  while (!encrypted.empty()) {
    std::span<const char> arrived{encrypted.substr(0, piece)};
    encrypted.remove_prefix(arrived.size());
    if (!server.is_ready()) turn.progress = server.shake_hands(arrived, answer);
    std::array<char, 20'000> room{};
    while (server.is_ready() && (!arrived.empty() || server.has_decrypted())) {
      const auto [bytes, progress] = server.read(arrived, room, answer);
      turn.progress = progress;
      turn.text.append(room.data(), bytes);
      if (bytes == 0) break;
    }
  }
  client.give({answer.data(), answer.size()});
  return turn;
}

bool shake_hands(tls_peer& client, net::tls_channel& server, std::size_t piece) {
  for (;;) {
    const auto is_through = client.shake_hands();
    const auto said = client.take_output();
    if (said.empty()) return is_through && server.is_ready();
    const auto turn = carry(said, server, client, piece);
    if (turn.progress == net::tls_progress::broken) return false;
  }
}

} // namespace parley::testing

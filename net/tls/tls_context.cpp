#include "net/tls/tls_context.hpp"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <spdlog/spdlog.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>

#include <sys/stat.h>

namespace parley::net {

namespace {

constexpr std::chrono::seconds look_pause{1};
/// A context encrypts its tickets with a key of its own, and whoever gets hold of that key can read what clients of
/// TLS 1.2 said with such a ticket.
constexpr std::chrono::hours ticket_key_age_max{24};

/// ALPN: the length, then the name.
constexpr std::array<unsigned char, 9> http_1_1{8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
/// With a key agreed on anew for each connection, and authenticated encryption; TLS 1.3 has no others.
constexpr auto ciphers_of_1_2 = "ECDHE+AESGCM:ECDHE+CHACHA20";

struct pkey_deleter {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using pkey_ptr = std::unique_ptr<EVP_PKEY, pkey_deleter>;

struct bio_deleter {
  void operator()(BIO* bio) const { BIO_free(bio); }
};
using bio_ptr = std::unique_ptr<BIO, bio_deleter>;

/// Leaves nothing on the queue of the thread, where other users of OpenSSL would find it.
struct own_errors {
  own_errors() { ERR_clear_error(); }
  ~own_errors() { ERR_clear_error(); }
  own_errors(const own_errors&) = delete;
  own_errors& operator=(const own_errors&) = delete;

  [[nodiscard]] static std::string text() {
    const auto* const reason = ERR_reason_error_string(ERR_peek_last_error());
    return reason != nullptr ? reason : "OpenSSL does not say why";
  }
};

tl::unexpected<error> refuse(std::string_view key, const std::string& file, std::string_view why) {
  return fail(errc::invalid_argument, fmt::format("{}: {} {}", key, file, why), std::string{key});
}

result<std::string> read_file(std::string_view key, const std::string& path) {
  std::ifstream in{path, std::ios::binary};
  in.peek(); // only a read tells that a folder is no file
  if (!in.is_open() || in.bad()) return refuse(key, path, fmt::format("cannot be read: {}", std::strerror(errno)));
  return std::string{std::istreambuf_iterator<char>{in}, std::istreambuf_iterator<char>{}};
}

/// Nobody is at the terminal to be asked.
int no_password(char* /*to*/, int /*size*/, int /*is_writing*/, void* was_asked) {
  if (was_asked != nullptr) *static_cast<bool*>(was_asked) = true;
  return -1;
}

result<pkey_ptr> read_key(const std::string& path) {
  constexpr std::string_view setting = "http.tls.key";
  const auto text = read_file(setting, path);
  if (!text) return fail(text.error());
  if (text->find("PRIVATE KEY-----") == std::string::npos) return refuse(setting, path, "holds no private key in PEM");
  const own_errors errors;
  const bio_ptr bytes{BIO_new_mem_buf(text->data(), static_cast<int>(text->size()))};
  auto is_encrypted = false;
  pkey_ptr key{PEM_read_bio_PrivateKey(bytes.get(), nullptr, no_password, &is_encrypted)};
  if (key) return key;
  if (is_encrypted) return refuse(setting, path, "is encrypted, and nobody can be asked for its password");
  return refuse(setting, path, fmt::format("holds no usable private key: {}", errors.text()));
}

result<void> use_certificates(SSL_CTX* context, const std::string& path) {
  constexpr std::string_view setting = "http.tls.cert";
  const auto text = read_file(setting, path);
  if (!text) return fail(text.error());
  if (text->find("CERTIFICATE-----") == std::string::npos) return refuse(setting, path, "holds no certificate in PEM");
  const own_errors errors;
  if (SSL_CTX_use_certificate_chain_file(context, path.c_str()) == 1) return {};
  return refuse(setting, path, fmt::format("holds no usable certificate: {}", errors.text()));
}

/// We speak one protocol. A client that wants others only has mistaken us for somebody else (RFC 7301, section 3.2).
int choose_protocol(SSL* /*ssl*/, const unsigned char** chosen, unsigned char* size, const unsigned char* offered,
                    unsigned offered_size, void* /*unused*/) {
  auto* to = const_cast<unsigned char*>(*chosen);
  const auto found = SSL_select_next_proto(&to, size, http_1_1.data(), http_1_1.size(), offered, offered_size);
  *chosen = to;
  return found == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

ssl_ctx_ptr make_context() {
  ssl_ctx_ptr context{SSL_CTX_new(TLS_server_method())};
  if (!context) return context;
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE |
                                         SSL_OP_PRIORITIZE_CHACHA);
  SSL_CTX_set_cipher_list(context.get(), ciphers_of_1_2);
  // An idle connection gives its buffers back. The rest lets a record be written from wherever it lies.
  SSL_CTX_set_mode(context.get(),
                   SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  // Clients keep their tickets; we keep nothing for those who have gone.
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
  SSL_CTX_set_alpn_select_cb(context.get(), choose_protocol, nullptr);
  SSL_CTX_set_default_passwd_cb(context.get(), no_password);
  return context;
}

result<ssl_ctx_ptr> load_context(const tls_settings& files) {
  auto context = make_context();
  if (!context) return fail(errc::unavailable, "http.tls: OpenSSL cannot be set up: " + own_errors::text());
  if (const auto used = use_certificates(context.get(), files.cert); !used) return fail(used.error());
  const auto key = read_key(files.key);
  if (!key) return fail(key.error());
  const own_errors errors;
  if (X509_check_private_key(SSL_CTX_get0_certificate(context.get()), key->get()) != 1)
    return refuse("http.tls.key", files.key, fmt::format("is not the key of http.tls.cert {}", files.cert));
  if (SSL_CTX_use_PrivateKey(context.get(), key->get()) != 1)
    return refuse("http.tls.key", files.key, fmt::format("cannot be used: {}", errors.text()));
  return context;
}

file_stamp stamp_of(const std::string& file) {
  struct stat about {};
  if (::stat(file.c_str(), &about) != 0) return {};
  return {about.st_dev, about.st_ino, about.st_size,
          static_cast<std::int64_t>(about.st_mtim.tv_sec) * 1'000'000'000 + about.st_mtim.tv_nsec};
}

} // namespace

void ssl_ctx_deleter::operator()(ssl_ctx_st* context) const { SSL_CTX_free(context); }

result<std::unique_ptr<tls_context>> tls_context::load(const tls_settings& files, const clock& time) {
  std::unique_ptr<tls_context> made{new tls_context{files, time}};
  if (const auto loaded = made->renew(made->look()); !loaded) return fail(loaded.error());
  return made;
}

void tls_context::log_validity() {
  const std::lock_guard guard{lock_};
  tell_validity();
}

void tls_context::tell_validity() const {
  const auto* const end = X509_get0_notAfter(SSL_CTX_get0_certificate(current_.get()));
  std::tm at{};
  if (ASN1_TIME_to_tm(end, &at) != 1) return;
  const auto day = fmt::format("{:04}-{:02}-{:02}", at.tm_year + 1900, at.tm_mon + 1, at.tm_mday);
  if (X509_cmp_current_time(end) < 0)
    spdlog::warn("http.tls.cert: {} was valid until {}", files_.cert, day);
  else
    spdlog::info("http.tls.cert: {} is valid until {}", files_.cert, day);
}

std::unique_ptr<tls_channel> tls_context::open_channel() {
  const std::lock_guard guard{lock_};
  renew_if_due();
  ssl_ptr connection{SSL_new(current_.get())};
  if (!connection) return nullptr;
  SSL_set_accept_state(connection.get());
  return std::make_unique<tls_channel>(std::move(connection));
}

tls_context::file_stamps tls_context::look() const { return {stamp_of(files_.cert), stamp_of(files_.key)}; }

result<void> tls_context::renew(const file_stamps& found) {
  looked_at_ = time_.steady();
  auto fresh = load_context(files_);
  if (!fresh) return fail(fresh.error());
  current_ = std::move(*fresh);
  loaded_ = found;
  loaded_at_ = looked_at_;
  refused_.reset();
  return {};
}

void tls_context::renew_if_due() {
  const auto now = time_.steady();
  if (now - looked_at_ < look_pause) return;
  looked_at_ = now;
  // Before they are read: what is written meanwhile is another change.
  const auto found = look();
  const auto is_changed = found != loaded_;
  if (!is_changed && now - loaded_at_ < ticket_key_age_max) return;
  const auto renewed = renew(found);
  if (renewed && is_changed) tell_validity();
  // Half of a renewal is seen when one file is replaced before the other: it is tried again, and told once.
  if (renewed || refused_ == found) return;
  refused_ = found;
  spdlog::warn("{}; the certificate before stays in use", renewed.error().detail);
}

} // namespace parley::net

#include "net/auth/password.hpp"

#include <parley/ensure.hpp>

#include <sodium.h>

namespace parley::net {

namespace {

constexpr auto passes = crypto_pwhash_OPSLIMIT_INTERACTIVE;
constexpr auto memory_bytes = crypto_pwhash_MEMLIMIT_INTERACTIVE;

/// A hash of today's cost whose password nobody knows: it was random.
constexpr auto nobody =
    "$argon2id$v=19$m=65536,t=2,p=1$0u5juwsnC4+0ODmdrxSQUA$S5FDf0B1SaCChoekS+9sSpFtXjfueI65zg0ELm2ZODY";

} // namespace

result<std::string> hash_password(std::string_view password) {
  std::string hash(crypto_pwhash_STRBYTES, '\0');
  if (crypto_pwhash_str(hash.data(), password.data(), password.size(), passes, memory_bytes) != 0) {
    return fail(errc::unavailable, "there is no memory to hash the password");
  }
  hash.resize(hash.find('\0'));
  return hash;
}

bool is_password(const std::string& hash, std::string_view password) {
  return crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) == 0;
}

void pretend_check(std::string_view password) { ensure(!is_password(nobody, password), "nobody logs in"); }

bool needs_rehash(const std::string& hash) {
  return crypto_pwhash_str_needs_rehash(hash.c_str(), passes, memory_bytes) != 0;
}

} // namespace parley::net

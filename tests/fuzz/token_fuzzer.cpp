// Tokens that nobody signed: each is refused, whatever it looks like.

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "net/auth/token_verifier.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const parley::system_clock time;
  static const auto verifier = parley::net::token_verifier::make(
      {.hs256_secret = "a secret that no fuzzer can guess!", .public_key = {}, .issuer = {}, .audience = {}}, time);
  if (!verifier) std::abort();
  if (verifier->verify({reinterpret_cast<const char*>(data), size})) std::abort();
  return 0;
}

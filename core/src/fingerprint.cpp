#include <parley/fingerprint.hpp>

#include <sodium.h>

namespace parley {

fingerprint fingerprint_of(std::string_view content) {
  fingerprint print{};
  crypto_generichash(print.data(), print.size(), reinterpret_cast<const unsigned char*>(content.data()), content.size(),
                     nullptr, 0);
  return print;
}

} // namespace parley

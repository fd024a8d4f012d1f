#include "net/auth/revocations.hpp"
#include "net/auth/token_issuer.hpp"
#include "net/auth/token_verifier.hpp"

#include <doctest/doctest.h>

using namespace parley;
using namespace parley::net;
using namespace std::chrono_literals;

namespace {

const user_id ann{"ann"};
const device_id phone{"phone"};

/// A node that issues tokens and verifies them. The clock does not stand on a whole second.
struct revoking {
  manual_clock time{from_millis(1'000'000'700)};
  auth_settings auth = [] {
    auth_settings made;
    made.jwt.hs256_secret = "a secret";
    return made;
  }();
  std::shared_ptr<revocations> revoked = std::make_shared<revocations>();
  token_issuer issuer{auth, time};
  token_verifier verifier = *token_verifier::make(auth.jwt, time, revoked);

  [[nodiscard]] std::string token(const user_id& user, const std::optional<device_id>& device) const {
    return issuer.mint(user, device).text;
  }
  [[nodiscard]] bool is_good(const std::string& token) const { return verifier.verify(token).has_value(); }
};

} // namespace

TEST_CASE_FIXTURE(revoking,
                  "revocations: tokens of the device that were issued until then are refused, later ones work") {
  const auto before = token(ann, phone);
  time.advance(1ms);
  const auto at_once = token(ann, phone);
  CHECK(is_good(before));
  revoked->add({ann, phone, time.now()});
  const auto refused = verifier.verify(before);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == errc::unauthenticated);
  CHECK_FALSE(is_good(at_once));
  // Still in the same second.
  time.advance(1ms);
  CHECK(is_good(token(ann, phone)));
  CHECK_FALSE(is_good(before));
}

TEST_CASE_FIXTURE(revoking, "revocations: other devices, other users and tokens for no device go on") {
  const auto laptop = token(ann, device_id{"laptop"});
  const auto of_bob = token(user_id{"bob"}, phone);
  const auto any = token(ann, std::nullopt);
  revoked->load({{ann, phone, time.now()}});
  CHECK(is_good(laptop));
  CHECK(is_good(of_bob));
  CHECK(is_good(any));
}

TEST_CASE("revocations: of several the latest counts, in whatever order they come") {
  revocations revoked;
  revoked.load({{ann, phone, from_millis(5'000)}, {ann, phone, from_millis(3'000)}});
  CHECK(revoked.refuses({.user = ann, .device = phone, .issued_at = from_millis(4'000)}));
  CHECK(revoked.refuses({.user = ann, .device = phone, .issued_at = from_millis(5'000)}));
  CHECK_FALSE(revoked.refuses({.user = ann, .device = phone, .issued_at = from_millis(5'001)}));
}

TEST_CASE("revocations: a token that does not say when it was issued is refused") {
  revocations revoked;
  revoked.add({ann, phone, from_millis(1)});
  CHECK(revoked.refuses({.user = ann, .device = phone}));
}

#include "config/combinations.hpp"

#include <fmt/format.h>

namespace parley {

namespace {

struct named_rate {
  std::string_view burst_key;
  std::string_view rate_key;
  const rate_limit& rate;
};

} // namespace

std::optional<contradiction> find_contradiction(const settings& of) {
  const auto& tls = of.http.tls;
  if (!tls.cert.empty() && tls.key.empty()) return contradiction{"http.tls.cert", "http.tls.key", "needs http.tls.key"};
  if (tls.cert.empty() && !tls.key.empty())
    return contradiction{"http.tls.key", "http.tls.cert", "needs http.tls.cert"};

  if (of.store.kind == "postgres" && of.postgres.url.empty())
    return contradiction{"store.kind", "postgres.url", "needs postgres.url"};

  const auto& limits = of.limits;
  const auto refresh_s = of.auth.refresh_lifetime.count();
  const auto token_s = of.auth.token_lifetime.count();
  const auto too_small = [](std::string_view key, auto value, std::string_view other, auto least) {
    return contradiction{key, other, fmt::format("{} is below {}, which is {}", value, other, least)};
  };
  // A frame that is allowed must find room: in its parts, and in an empty outbox.
  if (limits.frame < limits.text) return too_small("limits.frame", limits.frame, "limits.text", limits.text);
  if (limits.frame < limits.data) return too_small("limits.frame", limits.frame, "limits.data", limits.data);
  if (limits.outbox_bytes < limits.frame) {
    return too_small("limits.outbox_bytes", limits.outbox_bytes, "limits.frame", limits.frame);
  }
  if (refresh_s < token_s) {
    return too_small("auth.refresh_lifetime_s", refresh_s, "auth.token_lifetime_s", token_s);
  }

  const named_rate rates[] = {
      {"limits.send_burst", "limits.send_rate", limits.send},
      {"limits.history_burst", "limits.history_rate", limits.history},
      {"limits.create_burst", "limits.create_rate", limits.create},
      {"limits.login_burst", "limits.login_rate", limits.login},
      {"limits.register_burst", "limits.register_rate", limits.register_},
      {"limits.frame_burst", "limits.frame_rate", limits.frame_rate},
  };
  for (const auto& [burst_key, rate_key, rate] : rates) {
    // A bucket that never holds one whole token refuses everything.
    if (rate.per_second > 0 && rate.burst < 1) {
      return contradiction{burst_key, rate_key, fmt::format("{} is below 1 while {} is on", rate.burst, rate_key)};
    }
  }
  return std::nullopt;
}

} // namespace parley

/// The rows of the API that need a token, with what they stand on.

#pragma once

#include <memory>

#include <parley/clock.hpp>
#include <parley/settings.hpp>
#include <parley/stores.hpp>

#include "actors/handles.hpp"
#include "net/rest/conversation_routes.hpp"
#include "net/rest/device_routes.hpp"
#include "net/rest/file_routes.hpp"
#include "net/rest/gate.hpp"
#include "net/rest/user_routes.hpp"

namespace parley::net {

/// `limits`, `time` and `tokens` are used until the end.
struct rest_needs {
  const limit_settings& limits;
  const clock& time;
  const token_verifier& tokens;
  std::shared_ptr<revocations> revoked;
  stores kept;
  actors::request_runner run;
  actors::device_closer close_device;
};

struct rest_limits {
  /// Threads that wait for stores.
  unsigned threads = 2;
  /// Requests that wait for one of them.
  std::size_t queue = 256;
  file_limits files;
};

/// Any thread. Ends when every request has been answered: those that wait get `unavailable`.
class rest {
public:
  explicit rest(const rest_needs& needs, const rest_limits& limits = {});

  /// Must not be used when this has ended.
  [[nodiscard]] router rows();

private:
  gate door_;
  user_routes users_;
  device_routes devices_;
  file_routes files_;
  conversation_routes conversations_;
  /// Last, so that it ends first: its jobs use all of the above.
  work_pool pool_;
};

} // namespace parley::net

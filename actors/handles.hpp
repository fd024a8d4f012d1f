/// Where actors and connections meet: what each side sees of the other.

#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <parley/live_entry.hpp>
#include <parley/session_window.hpp>

#include "actors/messages.hpp"

namespace parley::actors {

/// Why a connection is closed; the numbers are the protocol's.
enum class close_code : std::uint16_t {
  drain = 4001,
  overload = 4002,
  too_slow = 4008,
  heartbeat_lost = 4010,
  internal = 4011,
  protocol_abuse = 4500,
  authentication_failed = 4501,
  device_revoked = 4502,
  too_many_connections = 4504,
  version_not_supported = 4505,
  replaced = 4506,
};

/// A connected device as actors see it. Every function may be called from any thread, returns at once, and keeps the
/// order of calls from one thread; after the transport is gone they do nothing.
class client_link {
public:
  virtual ~client_link() = default;

  // What the delivery table sends.
  virtual void push(live_entry_ptr item) = 0;
  virtual void event(std::shared_ptr<const std::string> open_frame) = 0;

  // What the session answers. Each of these four ends one request of the client and frees its place in the window.
  virtual void acknowledge(acknowledgement ack) = 0;
  virtual void reply(std::string frame) = 0;
  /// A page of history that reached the end of the log at `head`.
  virtual void reply_history(std::string frame, conversation_id conversation, seq_no head) = 0;
  /// The request has no answer.
  virtual void finish() = 0;

  // What the session starts with.
  virtual void greet(std::string frame) = 0;
  virtual void replay(conversation_id conversation, seq_no cursor, std::vector<live_entry_ptr> items, seq_no head) = 0;
  virtual void end_replay(std::string synced) = 0;
  virtual void fill(conversation_id conversation, std::vector<live_entry_ptr> items) = 0;

  virtual void close(close_code code, std::string reason) = 0;
};

using client_link_ptr = std::shared_ptr<client_link>;

/// Somebody whose token was accepted.
struct session_opening {
  session_id session;
  user_id user;
  device_id device;
  /// Nothing is replayed.
  bool skip_replay = false;
  client_link_ptr link;
};

/// A session as its connection sees it. Any thread.
class session_handle {
public:
  virtual ~session_handle() = default;

  virtual void ask(client_asked frame) = 0;
  virtual void need(entries_needed hole) = 0;
  /// The transport is gone; the handle is of no use afterwards.
  virtual void closed() = 0;
};

/// Starts a session; its first frame is the welcome.
using session_opener = std::function<std::unique_ptr<session_handle>(session_opening)>;

} // namespace parley::actors

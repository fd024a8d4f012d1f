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
  /// A frame without `s`; dropped where it finds no room.
  virtual void ephemeral(std::shared_ptr<const std::string> frame) = 0;
  /// A conversation in pull mode stands at `head`. Never dropped: the newest of each conversation waits for room.
  virtual void hint(conversation_id conversation, seq_no head) = 0;
  /// The same, and from here on its entries are pushed, from head + 1.
  virtual void focus(conversation_id conversation, seq_no head) = 0;
  /// They are pushed no longer.
  virtual void unfocus(conversation_id conversation) = 0;

  // What the session answers. Each of these five ends one request of the client and frees its place in the window.
  virtual void acknowledge(acknowledgement ack) = 0;
  virtual void reply(std::string frame) = 0;
  virtual void refuse(std::string ref, error why) = 0;
  /// A page of history that reached the end of the log at `head`.
  virtual void reply_history(std::string frame, conversation_id conversation, seq_no head) = 0;
  /// The request has no answer.
  virtual void finish() = 0;

  // What the session starts with.
  /// The session has begun: the connection says welcome.
  virtual void greet() = 0;
  virtual void replay(conversation_id conversation, seq_no cursor, std::vector<live_entry_ptr> items, seq_no head) = 0;
  virtual void end_replay(std::string synced) = 0;
  virtual void fill(conversation_id conversation, std::vector<live_entry_ptr> items) = 0;

  virtual void close(close_code code, std::string reason) = 0;
};

/// Somebody whose token was accepted.
struct session_opening {
  session_id session;
  user_id user;
  device_id device;
  /// Nothing is replayed.
  bool skip_replay = false;
  client_link_ptr link;
  /// For one request only: nobody is told of the session, and it is pushed nothing.
  bool single = false;
};

/// A session as its connection sees it. Any thread.
class session_handle {
public:
  virtual ~session_handle() = default;

  virtual void ask(client_asked frame) = 0;
  virtual void need(entries_needed hole) = 0;
  /// The transport is gone, and may come back within the resume window.
  virtual void detached() = 0;
  /// Another transport has taken over.
  virtual void attached() = 0;
  /// The session is over; the handle is of no use afterwards.
  virtual void closed() = 0;
};

/// Starts a session; its first frame is the welcome.
using session_opener = std::function<std::unique_ptr<session_handle>(session_opening)>;

/// A request without a session, as HTTP has it. `then` gets the frame that answers it, on any thread, exactly once.
struct single_request {
  user_id user;
  device_id device;
  client_request request;
  std::function<void(result<std::string> frame)> then;
};
using request_runner = std::function<void(single_request)>;

/// Ends every session of a device with this code.
using device_closer = std::function<void(const user_id&, const device_id&, close_code, const std::string& reason)>;

} // namespace parley::actors

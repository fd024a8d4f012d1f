/// The sessions of the edge by their ids, and the workers on which they live: how a new connection finds the session
/// that it goes on with. Any thread, unless said otherwise.
///
/// A session belongs to the thread of one worker. Whoever wants something of it is posted there, and a session that
/// changes its transport is handed over from the old worker to the new one.

#pragma once

#include "actors/handles.hpp"
#include "net/resume_ticket.hpp"

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

namespace parley::net {

class device_session;
class io_worker;

/// Whose a session is, and the key to it.
struct session_owner {
  session_id session;
  uuid key;
  user_id user;
  device_id device;
};
using session_owner_ptr = std::shared_ptr<const session_owner>;

/// A ticket in somebody's hand.
struct session_claim {
  resume_ticket ticket;
  user_id user;
  device_id device;
};

class session_registry {
public:
  void add(session_owner_ptr owner, const std::shared_ptr<device_session>& session, io_worker& home);
  void remove(const session_id& session);

  /// Runs `then` with the session on the thread where it lives; with nothing, on `otherwise`, if there is no such
  /// session or it is not the claimant's.
  void visit(const session_claim& claim, io_worker& otherwise, std::function<void(device_session*)> then);

  /// Takes the session from its transport, if it can go on from `claim.ticket.s`, and hands it over to `to`; `then`
  /// runs there, with nothing if it cannot. One that cannot, though it is the claimant's, is ended.
  void claim(const session_claim& claim, io_worker& to, std::function<void(std::shared_ptr<device_session>)> then);

  /// Ends all sessions of a device, for good; those without a transport silently.
  void end_device(const user_id& user, const device_id& device, actors::close_code code, std::string reason);

  /// From now on no session waits for another transport.
  void stop();
  [[nodiscard]] bool is_stopping() const;
  /// Ends what is left, when no worker runs any more.
  void end_all();

  [[nodiscard]] std::size_t size() const;

private:
  struct record {
    session_owner_ptr owner;
    std::weak_ptr<device_session> session;
    io_worker* home = nullptr;
  };

  /// A session, and the worker on which it lives.
  struct place {
    session_id session;
    io_worker* home = nullptr;
  };

  /// Where the session is that is claimed, if it is the claimant's.
  [[nodiscard]] std::optional<place> find(const session_claim& claim) const;
  [[nodiscard]] io_worker* find_home(const session_id& session) const;
  void visit(place where, io_worker& otherwise, std::function<void(device_session*)> then);
  /// The session, if `here` is where it lives.
  [[nodiscard]] std::shared_ptr<device_session> find_at(const session_id& session, io_worker& here) const;
  void move(const std::shared_ptr<device_session>& session, const session_id& id, io_worker& to,
            std::function<void(std::shared_ptr<device_session>)> then);

  mutable std::mutex lock_;
  bool is_stopping_ = false;
  std::unordered_map<session_id, record> sessions_;
};

} // namespace parley::net

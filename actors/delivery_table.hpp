/// The node's router: which sessions a user has, which of them are connected, and the way of an entry into them.
///
/// An object, not an actor: it is called on the thread of whoever has something to deliver, and no actor is woken per
/// recipient. Any thread; locks are per stripe of users and held for a look-up only. Entries of one caller reach each
/// connection in the order of the calls.

#pragma once

#include <array>
#include <cstddef>
#include <mutex>
#include <set>
#include <unordered_map>
#include <vector>

#include "actors/handles.hpp"

namespace parley::actors {

class delivery_table {
public:
  /// Counts the session as connected; `too_many` if `most` others of its user are (0: no limit).
  [[nodiscard]] result<void> admit(const user_id& user, const session_id& session, std::size_t most);
  /// It is connected no longer; what it is sent waits for its return.
  void depart(const user_id& user, const session_id& session);

  /// From now on the session is sent what concerns its user.
  void add(const user_id& user, const session_id& session, client_link_ptr link);
  /// The session is over.
  void remove(const user_id& user, const session_id& session);

  /// Hands `item` to every connection of `users`.
  void push(const std::vector<user_id>& users, const live_entry_ptr& item) const;
  /// Hands an open frame to the connections of `user`, but not to `except`.
  void event(const user_id& user, const std::shared_ptr<const std::string>& open_frame,
             const session_id& except = {}) const;

  /// Hands a frame without `s` to every connection of `user`; it may be dropped.
  void ephemeral(const user_id& user, const std::shared_ptr<const std::string>& frame) const;
  /// Tells the connections of `users`, but not those in `except`, that the conversation stands at `head`.
  void hint(const std::vector<user_id>& users, const conversation_id& conversation, seq_no head,
            const std::set<session_id>& except) const;

  /// Sessions, connected or not.
  [[nodiscard]] std::size_t size() const;

private:
  struct connection {
    session_id session;
    /// Absent: it was admitted, and is sent nothing yet.
    client_link_ptr link;
    bool is_connected = false;
  };
  struct stripe {
    mutable std::mutex lock;
    std::unordered_map<user_id, std::vector<connection>> users;
  };

  stripe& stripe_of(const user_id& user) const;
  static connection& find_or_add(std::vector<connection>& sessions, const session_id& session);
  static void drop_if_unused(stripe& where, const user_id& user);
  template <class Each> void each_of(const user_id& user, Each each) const;

  mutable std::array<stripe, 64> stripes_;
};

} // namespace parley::actors

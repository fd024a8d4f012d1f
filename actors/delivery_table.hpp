/// The node's router: which connections are open for a user, and the way of an entry into them.
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
  void add(const user_id& user, const session_id& session, client_link_ptr link);
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

  [[nodiscard]] std::size_t size() const;

private:
  struct connection {
    session_id session;
    client_link_ptr link;
  };
  struct stripe {
    mutable std::mutex lock;
    std::unordered_map<user_id, std::vector<connection>> users;
  };

  stripe& stripe_of(const user_id& user) const;
  template <class Each> void each_of(const user_id& user, Each each) const;

  mutable std::array<stripe, 64> stripes_;
};

} // namespace parley::actors

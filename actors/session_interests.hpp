/// What one session wants to hear of besides its conversations: whom it watches, and what it has in focus.
///
/// Belongs to its session actor and lives on its thread; what it has to keep is in the session's memory.

#pragma once

#include <functional>

#include <caf/event_based_actor.hpp>

#include "actors/handles.hpp"
#include "actors/node_context.hpp"
#include "actors/session_seat.hpp"

namespace parley::actors {

class session_interests {
public:
  /// Ends a request: with nothing, or with the error that refuses it.
  using ending = std::function<void(const std::optional<error>&)>;

  session_interests(caf::event_based_actor* self, const node_context& shared, session_memory& memory)
      : self_{self}, shared_{shared}, memory_{memory}, opening_{memory.opening} {}

  void change(const presence_request& request, ending done);
  /// Replaces the focus by `request`, all of it or nothing.
  void change(const focus_request& request, ending done);

  /// The session has a transport (again): shows its user's presence, and asks anew for what it watches.
  void attached();
  void detached();
  /// The session is over.
  void end();

private:
  void subscribe(std::vector<user_id> users, ending done);
  void watch(const user_id& user);
  void show(std::optional<presence_choice> choice);
  /// Asks every conversation of `focus`; `done` when all have answered, with the first refusal if there is one.
  void ask_all(const std::vector<conversation_id>& focus, bool check_only, ending done);
  void put_focus(const std::vector<conversation_id>& focus, ending done);

  caf::event_based_actor* self_;
  const node_context& shared_;
  session_memory& memory_;
  const session_opening& opening_;
};

} // namespace parley::actors

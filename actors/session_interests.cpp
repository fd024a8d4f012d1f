#include "actors/session_interests.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "actors/conversation.hpp"
#include "actors/failure.hpp"
#include "actors/presence.hpp"

namespace parley::actors {

namespace {

/// Users that one session may watch.
constexpr std::size_t watched_max = 500;

} // namespace

void session_interests::change(const presence_request& request, ending done) {
  auto after = memory_.watched.get();
  for (const auto& user : request.unsubscribe) after.erase(user);
  after.insert(request.subscribe.begin(), request.subscribe.end());
  if (after.size() > watched_max)
    return done(error{errc::too_many, fmt::format("a session watches {} users at most", watched_max), "subscribe", {}});

  if (request.status && *request.status != memory_.choice) {
    memory_.choice = *request.status;
    show(memory_.choice);
  }
  auto* watched = memory_.watched.if_used();
  for (const auto& user : request.unsubscribe)
    if (watched && watched->erase(user) > 0)
      shared_.actors.tell(presence_address(user), unwatch_presence{opening_.session});
  if (request.subscribe.empty()) return done(std::nullopt);
  subscribe(request.subscribe, std::move(done));
}

void session_interests::subscribe(std::vector<user_id> users, ending done) {
  shared_.readers.run(
      self_, shared_.config.limits.request_age,
      [self = opening_.user, users](const stores& s) { return s.log->acquaintances(self, users); },
      [this, users, done = std::move(done)](const result<std::vector<user_id>>& known) {
        if (!known) return done(known.error());
        for (const auto& user : users) {
          if (user == opening_.user || std::ranges::find(*known, user) != known->end()) {
            memory_.watched.edit().insert(user);
            watch(user);
          } else {
            // Strangers learn nothing, not even whether there is such a user.
            opening_.link->ephemeral(
                std::make_shared<const std::string>(encode_presence(user, presence_status::offline, std::nullopt)));
          }
        }
        done(std::nullopt);
      });
}

void session_interests::watch(const user_id& user) {
  shared_.actors.tell(presence_address(user), watch_presence{opening_.user, opening_.session, opening_.link});
}

void session_interests::show(std::optional<presence_choice> choice) {
  shared_.actors.tell(presence_address(opening_.user), show_presence{opening_.session, choice});
}

void session_interests::attached() {
  show(memory_.choice);
  for (const auto& user : memory_.watched.get()) watch(user);
}

void session_interests::detached() { show(std::nullopt); }

void session_interests::end() {
  detached();
  for (const auto& user : memory_.watched.get())
    shared_.actors.tell(presence_address(user), unwatch_presence{opening_.session});
  for (const auto& id : memory_.focused.get()) shared_.actors.tell(address_of(id), end_focus{opening_.session});
}

void session_interests::change(const focus_request& request, ending done) {
  ask_all(request.conversations, true, [this, focus = request.conversations, done](const std::optional<error>& why) {
    if (why) return done(why);
    put_focus(focus, done);
  });
}

void session_interests::put_focus(const std::vector<conversation_id>& focus, ending done) {
  const std::set<conversation_id> wanted{focus.begin(), focus.end()};
  for (const auto& id : memory_.focused.get()) {
    if (wanted.contains(id)) continue;
    shared_.actors.tell(address_of(id), end_focus{opening_.session});
    opening_.link->unfocus(id);
  }
  memory_.focused.edit() = wanted;
  ask_all(focus, false, std::move(done));
}

void session_interests::ask_all(const std::vector<conversation_id>& focus, bool check_only, ending done) {
  if (focus.empty()) return done(std::nullopt);
  struct round {
    std::size_t left;
    std::optional<error> refusal;
    ending done;
  };
  auto all = std::make_shared<round>(round{focus.size(), std::nullopt, std::move(done)});
  const auto answered = [all] {
    if (--all->left == 0) all->done(all->refusal);
  };
  for (const auto& id : focus)
    shared_.actors
        .ask(self_, address_of(id), shared_.config.limits.request_age * 2,
             begin_focus{opening_.user, opening_.session, opening_.link, check_only})
        .then([answered](completed) { answered(); },
              [all, answered](const caf::error& why) {
                if (!all->refusal) all->refusal = from_caf(why);
                answered();
              });
}

} // namespace parley::actors

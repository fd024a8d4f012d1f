#include "actors/delivery_table.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace parley::actors {

delivery_table::stripe& delivery_table::stripe_of(const user_id& user) const {
  return stripes_[std::hash<user_id>{}(user) % stripes_.size()];
}

delivery_table::connection& delivery_table::find_or_add(std::vector<connection>& sessions, const session_id& session) {
  const auto found = std::ranges::find(sessions, session, &connection::session);
  if (found != sessions.end()) return *found;
  // Most users have one; a vector that doubles would keep room for more.
  sessions.reserve(sessions.size() + 1);
  return sessions.emplace_back(connection{.session = session, .link = {}});
}

void delivery_table::drop_if_unused(stripe& where, const user_id& user) {
  const auto found = where.users.find(user);
  if (found == where.users.end()) return;
  std::erase_if(found->second, [](const connection& one) { return !one.link && !one.is_connected; });
  if (found->second.empty()) where.users.erase(found);
}

result<void> delivery_table::admit(const user_id& user, const session_id& session, std::size_t most) {
  auto& where = stripe_of(user);
  const std::lock_guard guard{where.lock};
  auto& sessions = where.users[user];
  const auto others = std::ranges::count_if(
      sessions, [&](const connection& one) { return one.is_connected && one.session != session; });
  if (most > 0 && static_cast<std::size_t>(others) >= most)
    return fail(errc::too_many, fmt::format("a user has {} connections at most", most));
  find_or_add(sessions, session).is_connected = true;
  return {};
}

void delivery_table::depart(const user_id& user, const session_id& session) {
  auto& where = stripe_of(user);
  const std::lock_guard guard{where.lock};
  const auto found = where.users.find(user);
  if (found == where.users.end()) return;
  for (auto& one : found->second)
    if (one.session == session) one.is_connected = false;
  drop_if_unused(where, user);
}

void delivery_table::add(const user_id& user, const session_id& session, client_link_ptr link) {
  auto& where = stripe_of(user);
  const std::lock_guard guard{where.lock};
  find_or_add(where.users[user], session).link = std::move(link);
}

void delivery_table::remove(const user_id& user, const session_id& session) {
  auto& where = stripe_of(user);
  const std::lock_guard guard{where.lock};
  const auto found = where.users.find(user);
  if (found == where.users.end()) return;
  std::erase_if(found->second, [&](const connection& one) { return one.session == session; });
  drop_if_unused(where, user);
}

template <class Each> void delivery_table::each_of(const user_id& user, Each each) const {
  auto& where = stripe_of(user);
  const std::lock_guard guard{where.lock};
  const auto found = where.users.find(user);
  if (found == where.users.end()) return;
  // Under the lock, so that a link that is being removed gets nothing afterwards; links only queue.
  for (const auto& one : found->second)
    if (one.link) each(one);
}

void delivery_table::push(const std::vector<user_id>& users, const live_entry_ptr& item) const {
  for (const auto& user : users) each_of(user, [&](const connection& one) { one.link->push(item); });
}

void delivery_table::event(const user_id& user, const std::shared_ptr<const std::string>& open_frame,
                           const session_id& except) const {
  each_of(user, [&](const connection& one) {
    if (one.session != except) one.link->event(open_frame);
  });
}

void delivery_table::ephemeral(const user_id& user, const std::shared_ptr<const std::string>& frame) const {
  each_of(user, [&](const connection& one) { one.link->ephemeral(frame); });
}

void delivery_table::hint(const std::vector<user_id>& users, const conversation_id& conversation, seq_no head,
                          const std::set<session_id>& except) const {
  for (const auto& user : users)
    each_of(user, [&](const connection& one) {
      if (!except.contains(one.session)) one.link->hint(conversation, head);
    });
}

std::size_t delivery_table::size() const {
  std::size_t connections = 0;
  for (const auto& where : stripes_) {
    const std::lock_guard guard{where.lock};
    for (const auto& [_, links] : where.users) connections += links.size();
  }
  return connections;
}

} // namespace parley::actors

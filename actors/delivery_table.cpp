#include "actors/delivery_table.hpp"

#include <algorithm>

namespace parley::actors {

delivery_table::stripe& delivery_table::stripe_of(const user_id& user) const {
  return stripes_[std::hash<user_id>{}(user) % stripes_.size()];
}

void delivery_table::add(const user_id& user, const session_id& session, client_link_ptr link) {
  auto& where = stripe_of(user);
  const std::lock_guard guard{where.lock};
  where.users[user].push_back({session, std::move(link)});
}

void delivery_table::remove(const user_id& user, const session_id& session) {
  auto& where = stripe_of(user);
  const std::lock_guard guard{where.lock};
  const auto found = where.users.find(user);
  if (found == where.users.end()) return;
  std::erase_if(found->second, [&](const connection& one) { return one.session == session; });
  if (found->second.empty()) where.users.erase(found);
}

template <class Each> void delivery_table::each_of(const user_id& user, Each each) const {
  auto& where = stripe_of(user);
  const std::lock_guard guard{where.lock};
  const auto found = where.users.find(user);
  if (found == where.users.end()) return;
  // Under the lock, so that a link that is being removed gets nothing afterwards; links only queue.
  for (const auto& one : found->second) each(one);
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

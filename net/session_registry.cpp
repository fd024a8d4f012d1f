#include "net/session_registry.hpp"

#include "net/device_session.hpp"
#include "net/io_worker.hpp"

#include <vector>

namespace parley::net {

namespace {

/// Takes as long whatever the difference is, so that nobody finds a key out byte by byte.
bool is_same_secret(std::string_view one, std::string_view other) {
  if (one.size() != other.size()) return false;
  volatile unsigned char difference = 0;
  for (std::size_t i = 0; i < one.size(); ++i)
    difference = static_cast<unsigned char>(difference | (one[i] ^ other[i]));
  return difference == 0;
}

bool is_owned_by(const session_claim& owner, const session_claim& claimant) {
  return owner.user == claimant.user && owner.device == claimant.device &&
         is_same_secret(owner.ticket.key, claimant.ticket.key);
}

} // namespace

void session_registry::add(const session_claim& owner, const std::shared_ptr<device_session>& session,
                           io_worker& home) {
  const std::lock_guard guard{lock_};
  sessions_[owner.ticket.session] = {owner, session, &home};
}

void session_registry::remove(const session_id& session) {
  const std::lock_guard guard{lock_};
  sessions_.erase(session);
}

io_worker* session_registry::find_home(const session_claim& claim) const {
  const std::lock_guard guard{lock_};
  const auto found = sessions_.find(claim.ticket.session);
  return found != sessions_.end() && is_owned_by(found->second.owner, claim) ? found->second.home : nullptr;
}

std::shared_ptr<device_session> session_registry::find_at(const session_id& session, io_worker& here) const {
  const std::lock_guard guard{lock_};
  const auto found = sessions_.find(session);
  return found != sessions_.end() && found->second.home == &here ? found->second.session.lock() : nullptr;
}

void session_registry::visit(const session_claim& claim, io_worker& otherwise,
                             std::function<void(device_session*)> then) {
  auto* home = find_home(claim);
  if (!home) return otherwise.post([then = std::move(then)] { then(nullptr); });
  home->post([this, claim, home, &otherwise, then = std::move(then)]() mutable {
    // It may have moved on meanwhile, or ended.
    if (const auto* now = find_home(claim); now && now != home) return visit(claim, otherwise, std::move(then));
    if (const auto session = find_at(claim.ticket.session, *home)) return then(session.get());
    otherwise.post([then = std::move(then)] { then(nullptr); });
  });
}

void session_registry::claim(const session_claim& claim, io_worker& to,
                             std::function<void(std::shared_ptr<device_session>)> then) {
  visit(claim, to, [this, claim, &to, then = std::move(then)](device_session* found) mutable {
    if (found) {
      const auto session = found->shared_from_this();
      if (session->release(claim.ticket.s)) return move(session, claim.ticket.session, to, std::move(then));
    }
    to.post([then = std::move(then)] { then(nullptr); });
  });
}

void session_registry::move(const std::shared_ptr<device_session>& session, const session_id& id, io_worker& to,
                            std::function<void(std::shared_ptr<device_session>)> then) {
  const std::lock_guard guard{lock_};
  if (const auto found = sessions_.find(id); found != sessions_.end()) found->second.home = &to;
  // Under the lock: nobody who finds the session at its new home gets there before it.
  to.post([session, &to, then = std::move(then)] {
    session->settle_on(to);
    then(session);
  });
}

void session_registry::end_device(const user_id& user, const device_id& device, actors::close_code code,
                                  std::string reason) {
  std::vector<std::pair<session_claim, io_worker*>> found;
  {
    const std::lock_guard guard{lock_};
    for (const auto& [_, one] : sessions_)
      if (one.owner.user == user && one.owner.device == device) found.emplace_back(one.owner, one.home);
  }
  for (auto& [owner, home] : found)
    visit(owner, *home, [code, reason](device_session* session) {
      if (session) session->close(code, reason);
    });
}

void session_registry::stop() {
  const std::lock_guard guard{lock_};
  is_stopping_ = true;
}

bool session_registry::is_stopping() const {
  const std::lock_guard guard{lock_};
  return is_stopping_;
}

void session_registry::end_all() {
  std::vector<std::shared_ptr<device_session>> left;
  {
    const std::lock_guard guard{lock_};
    for (const auto& [_, one] : sessions_)
      if (auto session = one.session.lock()) left.push_back(std::move(session));
  }
  for (const auto& session : left) session->end();
}

std::size_t session_registry::size() const {
  const std::lock_guard guard{lock_};
  return sessions_.size();
}

} // namespace parley::net

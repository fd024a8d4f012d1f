#include "net/session_registry.hpp"

#include "net/device_session.hpp"
#include "net/io_worker.hpp"

#include <vector>

namespace parley::net {

namespace {

/// Takes as long whatever the difference is, so that nobody finds a key out byte by byte.
bool is_same_key(const uuid& one, const uuid& other) {
  volatile unsigned char difference = 0;
  for (std::size_t i = 0; i < one.bytes.size(); ++i)
    difference = static_cast<unsigned char>(difference | (one.bytes[i] ^ other.bytes[i]));
  return difference == 0;
}

bool is_owned_by(const session_owner& owner, const session_claim& claimant) {
  const auto key = parse_uuid(claimant.ticket.key);
  return key && owner.user == claimant.user && owner.device == claimant.device && is_same_key(owner.key, *key);
}

} // namespace

void session_registry::add(session_owner_ptr owner, const std::shared_ptr<device_session>& session, io_worker& home) {
  const std::lock_guard guard{lock_};
  const auto& id = owner->session;
  sessions_.insert_or_assign(id, record{std::move(owner), session, &home});
}

void session_registry::remove(const session_id& session) {
  const std::lock_guard guard{lock_};
  sessions_.erase(session);
}

std::optional<session_registry::place> session_registry::find(const session_claim& claim) const {
  const auto id = parse_session_name(claim.ticket.session);
  if (!id) return std::nullopt;
  const std::lock_guard guard{lock_};
  const auto found = sessions_.find(*id);
  if (found == sessions_.end() || !is_owned_by(*found->second.owner, claim)) return std::nullopt;
  return place{*id, found->second.home};
}

io_worker* session_registry::find_home(const session_id& session) const {
  const std::lock_guard guard{lock_};
  const auto found = sessions_.find(session);
  return found == sessions_.end() ? nullptr : found->second.home;
}

std::shared_ptr<device_session> session_registry::find_at(const session_id& session, io_worker& here) const {
  const std::lock_guard guard{lock_};
  const auto found = sessions_.find(session);
  return found != sessions_.end() && found->second.home == &here ? found->second.session.lock() : nullptr;
}

void session_registry::visit(const session_claim& claim, io_worker& otherwise,
                             std::function<void(device_session*)> then) {
  const auto where = find(claim);
  if (!where) return otherwise.post([then = std::move(then)] { then(nullptr); });
  visit(*where, otherwise, std::move(then));
}

void session_registry::visit(place where, io_worker& otherwise, std::function<void(device_session*)> then) {
  where.home->post([this, where, &otherwise, then = std::move(then)]() mutable {
    // It may have moved on meanwhile, or ended.
    if (auto* now = find_home(where.session); now && now != where.home)
      return visit({where.session, now}, otherwise, std::move(then));
    if (const auto session = find_at(where.session, *where.home)) return then(session.get());
    otherwise.post([then = std::move(then)] { then(nullptr); });
  });
}

void session_registry::claim(const session_claim& claim, io_worker& to,
                             std::function<void(std::shared_ptr<device_session>)> then) {
  visit(claim, to, [this, s = claim.ticket.s, &to, then = std::move(then)](device_session* found) mutable {
    if (found) {
      const auto session = found->shared_from_this();
      if (session->release(s)) return move(session, session->id(), to, std::move(then));
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
  std::vector<place> found;
  {
    const std::lock_guard guard{lock_};
    for (const auto& [id, one] : sessions_)
      if (one.owner->user == user && one.owner->device == device) found.push_back({id, one.home});
  }
  for (const auto& where : found)
    visit(where, *where.home, [code, reason](device_session* session) {
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

#include "cluster/link/mesh.hpp"

#include <algorithm>
#include <utility>

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/io/middleman.hpp>
#include <caf/send.hpp>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <spdlog/spdlog.h>
#include <sys/socket.h>

#include "cluster/link/dialer.hpp"
#include "cluster/link/tls_transport.hpp"

namespace parley::cluster::link {

namespace {

constexpr std::chrono::milliseconds clock_pause{100};
/// Long enough for a farewell to leave the machine.
constexpr std::chrono::milliseconds farewell_pause{100};
constexpr std::size_t read_bytes = 64 << 10;
constexpr std::chrono::seconds line_pause{60};
constexpr std::size_t lines_max = 256;

int socket_of(caf::io::connection_handle handle) { return static_cast<int>(handle.id()); }

/// The kernel gives up by itself what we have given up, in case that something of it is left to be written.
void limit_writing(caf::io::connection_handle handle, std::chrono::milliseconds most) {
  const auto value = static_cast<unsigned>(most.count());
  ::setsockopt(socket_of(handle), IPPROTO_TCP, TCP_USER_TIMEOUT, &value, sizeof value);
}

bool has_tls(const link_options& options) { return !options.tls.certificate.empty(); }

} // namespace

mesh::mesh(caf::io::broker* self, mesh_needs needs)
    : self_{self}, needs_{std::move(needs)}, bounds_{needs_.options.bounds}, door_{needs_.door->hdl()} {
  // The broker's from now on: the port is open for as long as anybody holds it.
  self_->add_doorman(std::exchange(needs_.door, nullptr));
}

connection_ptr mesh::open(caf::io::connection_handle handle, std::string dialled) {
  const auto now = link_clock::now();
  auto made = std::make_shared<connection>();
  made->number = ++last_number_;
  made->handle = handle;
  made->dialled = std::move(dialled);
  made->opened = made->heard = made->said = now;
  connections_[made->number] = made;
  by_handle_[handle] = made;
  limit_writing(handle, 2 * bounds_.timeout);
  self_->configure_read(handle, caf::io::receive_policy::at_most(read_bytes));
  return made;
}

void mesh::accept(caf::io::connection_handle handle) {
  const auto strangers = std::ranges::count_if(connections_, [](const auto& one) { return !one.second->is_greeted; });
  if (!is_leaving_ && static_cast<std::size_t>(strangers) < bounds_.strangers_max) {
    open(handle, {});
    return;
  }
  if (!is_leaving_) log_once("too many connections of links say nothing; another was closed");
  self_->close(handle);
}

void mesh::take_bytes(const caf::io::new_data_msg& news) {
  const auto found = by_handle_.find(news.handle);
  if (found == by_handle_.end() || is_leaving_) return;
  const auto from = found->second;
  from->heard = link_clock::now();
  from->reader.append({news.buf.data(), news.buf.size()});
  while (!from->has_ended) {
    const auto bytes = from->reader.next(frame_bytes_max(*from));
    if (!bytes) return misbehaved(from, bytes.error().detail);
    if (!*bytes) return;
    auto what = decode(**bytes, bounds_.envelopes_max);
    if (!what) return misbehaved(from, what.error().detail);
    take(from, *what);
  }
}

void mesh::lose(caf::io::connection_handle handle) {
  const auto found = by_handle_.find(handle);
  if (found == by_handle_.end()) return;
  const auto lost = found->second;
  if (!lost->is_greeted && lost->dialled.empty() && has_tls(needs_.options)) lose_stranger({});
  end(lost, lost->is_up ? down_reason::refused : down_reason::rejected, "the connection was closed");
}

void mesh::lose_stranger(const std::string& address) {
  tell_refused({}, fmt::format("a connection{}{} ended before it said who it is; without a certificate of "
                               "cluster.authority nobody is let in",
                               address.empty() ? "" : " from ", address));
}

void mesh::expect(const expect_peer& wish) {
  auto& whom = peers_[wish.node];
  if (whom.pause.count() == 0) whom.pause = bounds_.redial_first;
  if (whom.address != wish.address || whom.incarnation < wish.incarnation) {
    whom.dial_at = link_clock::now();
    whom.pause = bounds_.redial_first;
  }
  whom.address = wish.address;
  whom.incarnation = std::max(whom.incarnation, wish.incarnation);
  if (const auto link = find(whom.link); link && link->hello.incarnation < whom.incarnation)
    end(link, down_reason::replaced, "a later incarnation is known");
  dial_when_due(wish.node, whom, link_clock::now());
}

void mesh::forget(const std::string& node) {
  const auto found = peers_.find(node);
  if (found == peers_.end()) return;
  for (const auto number : {found->second.link, found->second.attempt})
    if (const auto one = find(number)) end(one, down_reason::forgotten, "the node is not of the cluster any more");
  peers_.erase(node);
}

void mesh::dial_when_due(const std::string& node, peer& whom, link_clock::time_point now) {
  if (is_leaving_ || whom.link != 0 || whom.attempt != 0 || whom.is_dialling || now < whom.dial_at) return;
  whom.is_dialling = true;
  // Of its own thread, which ends with it: the name service and the network take their time.
  self_->system().spawn<caf::detached>(
      [](caf::event_based_actor* dialer, const caf::actor& asker, const std::string& to, const std::string& address,
         std::chrono::milliseconds patience) {
        auto dialled = dial(address, patience);
        if (dialled)
          dialer->send(asker, dial_ended{.node = to, .socket = std::move(*dialled)});
        else
          dialer->send(asker, dial_ended{to, nullptr, dialled.error().reason, dialled.error().detail});
      },
      caf::actor_cast<caf::actor>(self_), node, whom.address, bounds_.timeout);
}

void mesh::put_off_dialling(peer& whom) {
  whom.dial_at = link_clock::now() + whom.pause;
  whom.pause = std::min(2 * whom.pause, bounds_.redial_most);
}

void mesh::take_dialled(const dial_ended& outcome) {
  const auto found = peers_.find(outcome.node);
  if (found == peers_.end() || is_leaving_) return;
  auto& whom = found->second;
  whom.is_dialling = false;
  if (whom.link != 0) return;
  if (!outcome.socket) {
    put_off_dialling(whom);
    return tell_down(outcome.node, whom.incarnation, outcome.reason, outcome.detail);
  }
  // The larger id dials only to learn whether the process is there; the link is the other's to open.
  if (outcome.node < needs_.options.node) return put_off_dialling(whom);
  const auto socket = outcome.socket->take();
  auto scribe = has_tls(needs_.options) ? dialled_tls_scribe(self_->system(), socket)
                                        : self_->system().middleman().backend().new_scribe(socket);
  if (!scribe) {
    put_off_dialling(whom);
    return tell_refused(outcome.node, fmt::format("no TLS with node {} at {}", outcome.node, whom.address));
  }
  const auto handle = scribe->hdl();
  self_->add_scribe(std::move(scribe));
  const auto made = open(handle, outcome.node);
  whom.attempt = made->number;
  greet(*made);
}

void mesh::greet(connection& whom) {
  const auto& own = needs_.options;
  say(whom, encode(hello_frame{.cluster = own.cluster,
                               .node = own.node,
                               .incarnation = own.incarnation,
                               .protocol = own.protocol,
                               .view = needs_.view->load(),
                               .window_envelopes = bounds_.envelopes_max,
                               .window_bytes = bounds_.bytes_max,
                               .envelope_bytes_max = bounds_.envelope_bytes_max,
                               .expected_node = whom.dialled}));
}

void mesh::bring_up(const connection_ptr& one) {
  const auto& theirs = one->hello;
  auto& whom = peers_[theirs.node];
  if (const auto old = find(whom.link)) end(old, down_reason::replaced, "the node has made another link");
  whom.incarnation = std::max(whom.incarnation, theirs.incarnation);
  whom.attempt = 0;
  whom.link = one->number;
  whom.pause = bounds_.redial_first;
  one->is_up = true;
  one->box = std::make_shared<outbox>(outbox_limits{
      .envelopes_max = bounds_.envelopes_max,
      .bytes_max = bounds_.bytes_max,
      .envelope_bytes_max =
          std::min({bounds_.envelope_bytes_max, theirs.envelope_bytes_max, theirs.window_bytes, bounds_.bytes_max}),
      .window_envelopes = theirs.window_envelopes,
      .window_bytes = theirs.window_bytes,
      .batch_envelopes_max = bounds_.batch_envelopes_max,
      .batch_bytes_max = bounds_.batch_bytes_max});
  needs_.links->add(theirs.node, {.number = one->number, .box = one->box});
  spdlog::info("linked with node {}, incarnation {}", theirs.node, theirs.incarnation);
  self_->send(needs_.delivery,
              deliver_change{{.node = theirs.node,
                              .incarnation = theirs.incarnation,
                              .is_up = true,
                              .view = theirs.view,
                              .protocol = *wire::common_version(theirs.protocol, needs_.options.protocol)}});
}

void mesh::end(const connection_ptr& one, down_reason reason, const std::string& detail, farewell how) {
  if (std::exchange(one->has_ended, true)) return;
  // What waits to be written to a peer that does not read would keep the socket for as long as the kernel likes. Null
  // when the socket is closed already; its number may be another's then.
  if (how == farewell::cut && self_->valid(one->handle)) ::shutdown(socket_of(one->handle), SHUT_RDWR);
  self_->close(one->handle);
  by_handle_.erase(one->handle);
  connections_.erase(one->number);
  if (one->is_up)
    end_link(*one, reason, detail);
  else
    end_attempt(*one, reason, detail);
}

void mesh::end_link(const connection& one, down_reason reason, const std::string& detail) {
  const auto& node = one.hello.node;
  needs_.links->remove(node);
  // Who is on his way out needs no news of the others.
  if (is_leaving_) return;
  if (const auto found = peers_.find(node); found != peers_.end()) {
    found->second.link = 0;
    put_off_dialling(found->second);
  }
  spdlog::warn("the link to node {} ended: {}, {}", node, to_string(reason), detail);
  tell_down(node, one.hello.incarnation, reason, detail);
}

void mesh::end_attempt(const connection& one, down_reason reason, const std::string& detail) {
  const auto found = peers_.find(one.dialled);
  if (is_leaving_ || found == peers_.end() || found->second.attempt != one.number) return;
  found->second.attempt = 0;
  put_off_dialling(found->second);
  if (reason == down_reason::timed_out) return tell_down(one.dialled, found->second.incarnation, reason, detail);
  if (reason == down_reason::rejected && !one.is_greeted && !detail.empty())
    tell_refused(one.dialled,
                 fmt::format("node {} at {} did not say who it is: {}{}", one.dialled, found->second.address, detail,
                             has_tls(needs_.options) ? "; it may not take our certificate" : ""));
}

void mesh::misbehaved(const connection_ptr& who, const std::string& what) {
  if (!who->is_up)
    tell_refused(who->dialled,
                 fmt::format("a connection {} {} said what no node says: {}", who->dialled.empty() ? "from" : "to",
                             self_->remote_addr(who->handle), what));
  end(who, down_reason::misbehaved, what);
}

void mesh::say(connection& whom, const std::string& bytes) {
  self_->write(whom.handle, bytes.size(), bytes.data());
  self_->flush(whom.handle);
  whom.said = link_clock::now();
}

void mesh::drain(std::uint64_t link) {
  if (const auto one = find(link)) send_batches(*one);
}

void mesh::send_batches(connection& whom) {
  for (auto batch = whom.box->take(); !batch.envelopes.empty(); batch = whom.box->take()) say(whom, encode(batch));
}

void mesh::acknowledge(const batch_handled& done) {
  const auto one = find(done.link);
  if (!one || !one->is_up) return;
  one->held.envelopes -= done.envelopes;
  one->held.bytes -= done.bytes;
  one->owed.envelopes += done.envelopes;
  one->owed.bytes += done.bytes;
  // A frame of its own for every batch would be as many again; a peer never waits for the rest of a window.
  constexpr std::size_t parts = 8;
  if (one->held.envelopes != 0 && one->owed.envelopes < bounds_.envelopes_max / parts &&
      one->owed.bytes < bounds_.bytes_max / parts)
    return;
  say(*one, encode(credit_frame{one->owed.envelopes, one->owed.bytes}));
  one->owed = {};
}

void mesh::look_at(const connection_ptr& one, link_clock::time_point now) {
  if (!one->is_up) {
    if (now - one->opened > bounds_.timeout) end(one, down_reason::timed_out, "no hello in time");
    return;
  }
  if (now - one->heard > bounds_.timeout) return end(one, down_reason::timed_out, "nothing was heard");
  if (now - one->said >= bounds_.heartbeat) say(*one, encode(heartbeat_frame{}));
}

void mesh::look_at_clock() {
  if (is_leaving_) return;
  const auto now = link_clock::now();
  for (const auto& [number, one] : std::map{connections_}) look_at(one, now);
  for (auto& [node, whom] : peers_) dial_when_due(node, whom, now);
  self_->delayed_send(self_, clock_pause, parley::cluster::link::look_at_clock{});
}

void mesh::leave() {
  if (std::exchange(is_leaving_, true) || connections_.empty()) {
    for (const auto& [number, one] : std::map{connections_}) ::shutdown(socket_of(one->handle), SHUT_RDWR);
    return self_->quit();
  }
  self_->close(door_);
  for (const auto& [number, one] : connections_) {
    if (!one->is_up) continue;
    needs_.links->remove(one->hello.node);
    say(*one, encode(farewell_frame{}));
  }
  self_->delayed_send(self_, farewell_pause, leave_mesh{});
}

void mesh::tell_down(const std::string& node, std::uint64_t incarnation, down_reason reason,
                     const std::string& detail) {
  self_->send(
      needs_.delivery,
      deliver_change{{.node = node, .incarnation = incarnation, .is_up = false, .reason = reason, .detail = detail}});
}

void mesh::tell_refused(const std::string& node, const std::string& why) {
  log_once("no link: " + why);
  self_->send(needs_.delivery, deliver_refusal{node, why});
}

void mesh::log_once(const std::string& line) {
  const auto now = link_clock::now();
  std::erase_if(lines_, [&](const auto& one) { return now - one.second > line_pause; });
  if (lines_.size() < lines_max && lines_.emplace(line, now).second) spdlog::warn("{}", line);
}

connection_ptr mesh::find(std::uint64_t number) const {
  const auto found = connections_.find(number);
  return found == connections_.end() ? nullptr : found->second;
}

caf::behavior mesh_behavior(caf::io::broker* self, mesh_needs needs) {
  const auto all = std::make_shared<mesh>(self, std::move(needs));
  all->look_at_clock();
  return {
      [all](const caf::io::new_connection_msg& news) { all->accept(news.handle); },
      [all](const caf::io::new_data_msg& news) { all->take_bytes(news); },
      [all](const caf::io::connection_closed_msg& news) { all->lose(news.handle); },
      [](const caf::io::acceptor_closed_msg&) { spdlog::error("the links do not listen any more"); },
      [all](const stranger_left& news) { all->lose_stranger(news.address); },
      [all](const expect_peer& wish) { all->expect(wish); },
      [all](const forget_peer& wish) { all->forget(wish.node); },
      [all](const dial_ended& outcome) { all->take_dialled(outcome); },
      [all](const drain_outbox& wish) { all->drain(wish.link); },
      [all](const batch_handled& done) { all->acknowledge(done); },
      [all](const look_at_clock&) { all->look_at_clock(); },
      [all](const leave_mesh&) { all->leave(); },
  };
}

} // namespace parley::cluster::link

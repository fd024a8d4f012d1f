#include "cluster/link/tls_transport.hpp"

#include <exception>
#include <utility>

#include <caf/actor_system.hpp>
#include <caf/io/abstract_broker.hpp>
#include <caf/io/middleman.hpp>
#include <caf/io/network/default_multiplexer.hpp>
#include <caf/io/network/doorman_impl.hpp>
#include <caf/io/network/stream_impl.hpp>
#include <caf/openssl/session.hpp>
#include <caf/send.hpp>
#include <openssl/err.h>
#include <spdlog/spdlog.h>

#include "cluster/link/messages.hpp"
#include "cluster/link/socket_owner.hpp"

namespace parley::cluster::link {

namespace {

namespace network = caf::io::network;

/// All connections share a thread, and OpenSSL keeps its errors by thread: what one connection leaves behind, the next
/// takes for its own, and a good link would end because a stranger sent garbage. So each call begins with none.
class tls_policy {
public:
  explicit tls_policy(caf::openssl::session_ptr session) : session_{std::move(session)} {}

  network::rw_state read_some(std::size_t& count, int socket, void* bytes, std::size_t size) {
    ERR_clear_error();
    return session_->read_some(count, socket, bytes, size);
  }

  network::rw_state write_some(std::size_t& count, int socket, const void* bytes, std::size_t size) {
    ERR_clear_error();
    return session_->write_some(count, socket, bytes, size);
  }

  bool must_read_more(int socket, std::size_t threshold) { return session_->must_read_more(socket, threshold); }

private:
  caf::openssl::session_ptr session_;
};

class tls_scribe : public caf::io::scribe {
public:
  tls_scribe(network::default_multiplexer& loop, int socket, caf::openssl::session_ptr session)
      : scribe{network::conn_hdl_from_socket(socket)}, stream_{loop, socket, std::move(session)} {}

  void configure_read(caf::io::receive_policy::config how) override {
    stream_.configure_read(how);
    if (std::exchange(is_launched_, true)) return;
    stream_.start(this);
    // The handshake may have something to write when nobody else has.
    stream_.force_empty_write(this);
  }
  void ack_writes(bool enable) override { stream_.ack_writes(enable); }
  std::vector<char>& wr_buf() override { return stream_.wr_buf(); }
  std::vector<char>& rd_buf() override { return stream_.rd_buf(); }
  void flush() override { stream_.flush(this); }
  void graceful_shutdown() override {
    stream_.graceful_shutdown();
    detach(&stream_.backend(), false);
  }
  std::string addr() const override {
    const auto known = network::remote_addr_of_fd(stream_.fd());
    return known ? *known : std::string{};
  }
  std::uint16_t port() const override {
    const auto known = network::remote_port_of_fd(stream_.fd());
    return known ? *known : std::uint16_t{0};
  }
  void add_to_loop() override { stream_.activate(this); }
  void remove_from_loop() override { stream_.passivate(); }

private:
  bool is_launched_ = false;
  network::stream_impl<tls_policy> stream_;
};

network::default_multiplexer& loop_of(caf::actor_system& system) {
  return static_cast<network::default_multiplexer&>(system.middleman().backend());
}

/// CAF reads the files for every session and throws when it cannot; so renewed ones are taken by the next connection.
caf::io::scribe_ptr new_scribe(caf::actor_system& system, int socket, bool was_accepted) {
  socket_owner owner{socket};
  ERR_clear_error();
  try {
    network::nonblocking(socket, true);
    auto session = caf::openssl::make_session(system, socket, was_accepted);
    if (!session) return nullptr;
    return caf::make_counted<tls_scribe>(loop_of(system), owner.take(), std::move(session));
  } catch (const std::exception& trouble) {
    spdlog::error("no TLS for a link: {}", trouble.what());
    return nullptr;
  }
}

class tls_door : public network::doorman_impl {
public:
  using network::doorman_impl::doorman_impl;

  bool new_connection() override {
    // The loop may still have an event for a door that was closed a moment ago.
    const socket_owner unwanted{detached() ? acceptor_.accepted_socket() : -1};
    if (detached()) return false;
    const auto from = network::remote_addr_of_fd(acceptor_.accepted_socket());
    auto scribe = new_scribe(parent()->system(), acceptor_.accepted_socket(), true);
    if (!scribe) {
      caf::anon_send(caf::actor_cast<caf::actor>(parent()), stranger_left{from ? *from : std::string{}});
      return true;
    }
    const auto handle = scribe->hdl();
    parent()->add_scribe(std::move(scribe));
    return doorman::new_connection(&acceptor_.backend(), handle);
  }
};

} // namespace

caf::io::scribe_ptr dialled_tls_scribe(caf::actor_system& system, int socket) {
  return new_scribe(system, socket, false);
}

caf::io::doorman_ptr tls_doorman(caf::actor_system& system, int socket) {
  return caf::make_counted<tls_door>(loop_of(system), socket);
}

} // namespace parley::cluster::link

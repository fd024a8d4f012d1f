/// All connections of a node to its peers: a broker of CAF's middleman, on the thread that does all of the links' input
/// and output. It dials, listens, greets, notices who is silent, and gives out and takes credit; handlers are called
/// elsewhere
/// (`delivery.hpp`).

#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>

#include <caf/actor.hpp>
#include <caf/fwd.hpp>
#include <caf/io/broker.hpp>
#include <caf/io/doorman.hpp>

#include "cluster/link/connection.hpp"
#include "cluster/link/link_table.hpp"
#include "cluster/link/messages.hpp"
#include "cluster/link/peer_links.hpp"

namespace parley::cluster::link {

struct mesh_needs {
  link_options options;
  /// Listens already.
  caf::io::doorman_ptr door;
  caf::actor delivery;
  std::shared_ptr<link_table> links;
  std::shared_ptr<const std::atomic<std::uint64_t>> view;
};

/// Its behaviour; takes the first block of `messages.hpp`.
[[nodiscard]] caf::behavior mesh_behavior(caf::io::broker* self, mesh_needs needs);

class mesh {
public:
  mesh(caf::io::broker* self, mesh_needs needs);

  void accept(caf::io::connection_handle handle);
  void take_bytes(const caf::io::new_data_msg& news);
  /// By the other side, or by the network.
  void lose(caf::io::connection_handle handle);
  void lose_stranger(const std::string& address);

  void expect(const expect_peer& wish);
  void forget(const std::string& node);
  void take_dialled(const dial_ended& outcome);
  void drain(std::uint64_t link);
  void acknowledge(const batch_handled& done);
  void look_at_clock();
  void leave();

private:
  struct peer {
    std::uint64_t incarnation = 0;
    std::string address;
    /// The connection that is up; 0: none.
    std::uint64_t link = 0;
    /// The one that was dialled and is not up yet; 0: none.
    std::uint64_t attempt = 0;
    bool is_dialling = false;
    std::chrono::milliseconds pause{0};
    link_clock::time_point dial_at;
  };

  enum class farewell { cut, after_what_was_said };

  // mesh_frames.cpp: what the other side says.
  void take(const connection_ptr& from, frame& what);
  void take_hello(const connection_ptr& from, hello_frame& hello);
  void take_refusal(const connection_ptr& from, const refusal_frame& refusal);
  void take_batch(const connection_ptr& from, batch_frame& batch);
  void take_credit(const connection_ptr& from, const credit_frame& credit);
  void refuse(const connection_ptr& whom, const std::string& node, const std::string& why);
  [[nodiscard]] std::size_t frame_bytes_max(const connection& from) const;

  connection_ptr open(caf::io::connection_handle handle, std::string dialled);
  void greet(connection& whom);
  void bring_up(const connection_ptr& one);
  void misbehaved(const connection_ptr& who, const std::string& what);
  void end(const connection_ptr& one, down_reason reason, const std::string& detail, farewell how = farewell::cut);
  void end_link(const connection& one, down_reason reason, const std::string& detail);
  void end_attempt(const connection& one, down_reason reason, const std::string& detail);
  void say(connection& whom, const std::string& bytes);
  void send_batches(connection& whom);
  void look_at(const connection_ptr& one, link_clock::time_point now);
  void dial_when_due(const std::string& node, peer& whom, link_clock::time_point now);
  void put_off_dialling(peer& whom);
  void tell_down(const std::string& node, std::uint64_t incarnation, down_reason reason, const std::string& detail);
  void tell_refused(const std::string& node, const std::string& why);
  void log_once(const std::string& line);
  [[nodiscard]] connection_ptr find(std::uint64_t number) const;

  caf::io::broker* const self_;
  mesh_needs needs_;
  const link_bounds& bounds_;
  const caf::io::accept_handle door_;
  std::uint64_t last_number_ = 0;
  bool is_leaving_ = false;
  std::map<std::uint64_t, connection_ptr> connections_;
  std::unordered_map<caf::io::connection_handle, connection_ptr> by_handle_;
  std::map<std::string, peer> peers_;
  /// What was logged lately, so that a peer that is refused again and again does not fill the log.
  std::map<std::string, link_clock::time_point> lines_;
};

} // namespace parley::cluster::link

/// The links of a node to the other nodes of its cluster: one connection to each, over which envelopes go both ways.
/// What is in an envelope is nobody's business here.
///
/// Of two nodes the one whose id is smaller dials. A link stands when both have taken the other's hello: same cluster,
/// versions that overlap, no older incarnation than is known. It ends when the other process ends, when nothing was
/// heard for `timeout`, or when it is forgotten; the next one is dialled with a growing pause.
///
/// What is sent over one link arrives once and in order, or not at all: what was not acknowledged when a link ended is
/// lost, and may or may not have been handled. Callers have time limits.
///
/// Memory per peer is at most `bytes_max` of each direction's envelopes and as much again on their way to the socket.
///
/// The actor system underneath is the links' own: a node without a cluster has no middleman, no thread and no setting
/// of it, and actors of the node cannot be reached from a socket. The transport does not show here; another can replace
/// it.

#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <parley/error.hpp>

#include "cluster/wire/protocol.hpp"

namespace parley::cluster::link {

/// Paths of PEM files. The certificate and the authority may hold several, the key only its owner can read.
struct tls_files {
  std::string certificate;
  std::string key;
  /// Whoever has a certificate of it is a node of the cluster: it signs for nothing else.
  std::string authority;
};

struct link_bounds {
  /// What may wait for a peer's acknowledgement, and what a peer may have sent that is not handled yet.
  std::size_t envelopes_max = 8'192;
  std::size_t bytes_max = 4 << 20;
  std::size_t envelope_bytes_max = 1 << 20;
  /// What is sent as one; a larger envelope goes alone.
  std::size_t batch_envelopes_max = 64;
  std::size_t batch_bytes_max = 64 << 10;
  std::chrono::milliseconds heartbeat{500};
  /// Of silence; also for dialling, and for a hello.
  std::chrono::milliseconds timeout{2'000};
  std::chrono::milliseconds redial_first{50};
  std::chrono::milliseconds redial_most{2'000};
  /// Connections that have not said yet who they are.
  std::size_t strangers_max = 64;
};

struct link_options {
  std::string cluster;
  std::string node;
  std::uint64_t incarnation = 0;
  wire::protocol_range protocol = wire::spoken_versions;
  /// `HOST:PORT`; port 0 takes a free one. Without `tls` the host is loopback.
  std::string listen;
  /// All three, or none.
  tls_files tls;
  link_bounds bounds;
};

enum class down_reason {
  /// The connection was refused or reset: the process is gone. Says so of an attempt to dial, too.
  refused,
  /// Nothing was heard, or nobody answered: the peer hangs, or the network does.
  timed_out,
  /// The host was not found, or there is no way to it.
  unreachable,
  /// The peer said farewell.
  left,
  /// Another link to it has taken the place, often of a later incarnation.
  replaced,
  /// By `forget`.
  forgotten,
  /// It said what no node says.
  misbehaved,
  /// It took our hello back.
  rejected,
};

[[nodiscard]] std::string_view to_string(down_reason why);

struct link_change {
  std::string node;
  std::uint64_t incarnation = 0;
  bool is_up = false;
  /// What the peer's hello said, when up.
  std::uint64_t view = 0;
  std::uint32_t protocol = 0;
  /// When down. An attempt to dial that failed is a change as well, so that a second one confirms the first.
  down_reason reason = down_reason::refused;
  std::string detail;
};

/// Called on one thread of the links, one after the other: `up`, what arrives, `down`. They may call `send`, `connect`
/// and `forget`, not `stop`. One that does not return holds up what arrives and what changes, and nothing else: peers
/// see a node that is alive and takes nothing.
struct link_handlers {
  std::function<void(const std::string& node, std::uint64_t incarnation, std::vector<std::string> envelopes)> received;
  std::function<void(const link_change&)> changed;
  /// A link was refused, by this node or by the other; the same stands in the log. `node` is who the other says it is,
  /// or empty. Need not be set.
  std::function<void(const std::string& node, const std::string& why)> refused;
};

/// What waits for one peer's acknowledgement.
struct link_figures {
  std::string node;
  std::size_t envelopes = 0;
  std::size_t bytes = 0;
};

class peer_links {
public:
  /// Listens when it returns. `invalid_argument` names the setting at fault.
  [[nodiscard]] static result<std::unique_ptr<peer_links>> start(link_options options, link_handlers handlers);

  /// Ends what `stop` has not; waits for a handler that has not returned.
  ~peer_links();
  peer_links(const peer_links&) = delete;
  peer_links& operator=(const peer_links&) = delete;

  // The rest from any thread; nothing of it waits.

  [[nodiscard]] std::uint16_t port() const;

  /// The peer exists, in this incarnation or a later one, at `HOST:PORT`. Again: with another address or a later
  /// incarnation. A link to an older incarnation ends.
  [[nodiscard]] result<void> connect(const std::string& node, std::uint64_t incarnation, const std::string& address);
  /// The peer does not belong to the cluster any more; its link ends, and another is refused.
  void forget(const std::string& node);

  /// `overloaded` at the bound, `unavailable` without a link, `too_large`.
  [[nodiscard]] result<void> send(const std::string& node, std::string envelope);

  /// What hellos say from now on.
  void set_view(std::uint64_t version);

  /// Of the links that stand.
  [[nodiscard]] std::vector<link_figures> figures() const;

  /// Says farewell and ends all links. `timeout` when a handler did not return in time. Waits, so not from a handler.
  [[nodiscard]] result<void> stop(std::chrono::milliseconds deadline);

private:
  struct parts;
  explicit peer_links(std::unique_ptr<parts> all);
  std::unique_ptr<parts> parts_;
};

} // namespace parley::cluster::link

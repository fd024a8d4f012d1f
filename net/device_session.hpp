/// A session as the edge holds it: everything that outlives a transport. What goes out is in the order and the bounds
/// of `session_window`; what comes in is handed to the session's actor.
///
/// Lives on the thread of one worker at a time: its transport's, which owns it, or, while it has none, the last one's,
/// which then watches it and ends it when nobody has come for it in time. Actors reach it through its `bridge`, other
/// connections through the `session_registry`.

#pragma once

#include "net/bridge.hpp"
#include "net/edge.hpp"
#include "net/io_worker.hpp"
#include "net/outbox.hpp"

#include <parley/session_window.hpp>

namespace parley::net {

struct poll_exchange;

/// What a session speaks through. Not asked any more once the session was detached from it or released.
class session_transport {
public:
  virtual ~session_transport() = default;

  virtual void put(outgoing_frame frame) = 0;
  [[nodiscard]] virtual bool is_full() const = 0;
  [[nodiscard]] virtual bool is_half_full() const = 0;
  /// The welcome was put.
  virtual void on_welcome() = 0;
  /// What actors had to say was put.
  virtual void on_settled() = 0;
  /// The session is over.
  virtual void close(actors::close_code code, std::string_view reason) = 0;
  /// The session has gone to another transport.
  virtual void on_replaced() = 0;
  /// A client that polls has come again; false if this is no transport for it.
  [[nodiscard]] virtual bool take_poll(poll_exchange& poll) = 0;
};

class device_session final : public session_output,
                             public watched_connection,
                             public std::enable_shared_from_this<device_session> {
public:
  device_session(const user_id& user, const device_id& device, io_worker& worker, edge& shared);
  ~device_session() override;

  /// Begins; `first` is its transport.
  void open(session_transport& first, bool skip_replay);
  [[nodiscard]] const session_id& id() const { return owner_->session; }
  /// What a client that has everything up to `s` shows to come back.
  [[nodiscard]] resume_ticket ticket(std::uint64_t s) const;

  // From its transport. -----------------------------------------------------------------------------------------------

  void ask(actors::client_asked request);
  /// There is room for one more request.
  [[nodiscard]] bool may_ask() const;
  [[nodiscard]] bool owes_answers() const { return !is_greeted_ || in_flight_ > 0; }
  /// The transport has room again.
  void drained() { window_.drained(); }
  [[nodiscard]] bool is_lagging() const { return window_.is_lagging(); }
  [[nodiscard]] std::uint64_t last_s() const { return window_.last_s(); }
  /// The transport is gone: waits for another one, if there can be one.
  void detach();

  // From the registry. ------------------------------------------------------------------------------------------------

  /// Lets go of the transport for another one whose client has everything up to `s`. If that cannot be: ends, false.
  [[nodiscard]] bool release(std::uint64_t s);
  /// Lives with `worker` from now on; on its thread, after `release`.
  void settle_on(io_worker& worker);
  /// Goes on with `next`, after `release`.
  void resume(session_transport& next, std::uint64_t s);
  /// The other transport is gone already, after `release`.
  void park();
  [[nodiscard]] bool take_poll(poll_exchange& poll) { return transport_ && transport_->take_poll(poll); }
  /// Over for good, as the client is told.
  void close(actors::close_code code, const std::string& reason);

  void end() override;
  void tick(instant now) override;
  void say_goodbye(milliseconds) override { end(); }

  // From the window. --------------------------------------------------------------------------------------------------

  bool full() const override { return transport_ && transport_->is_full(); }
  bool busy() const override { return transport_ && transport_->is_half_full(); }
  void put(std::string frame) override;
  void put_notice(std::string frame) override;
  void put_shared(std::shared_ptr<const std::string> frame) override;
  void put(std::shared_ptr<const std::string> open_frame, std::uint64_t s) override;
  void need(const conversation_id& conversation, seq_no after) override;

private:
  /// What jobs posted to a worker hold on to; gone when the session does not live there any more.
  struct address {
    device_session& session;
  };

  std::function<void()> wake_at(io_worker& worker);
  void take_arrivals();
  void on(entry_pushed& what) { window_.push(what.item); }
  void on(event_pushed& what) { window_.event(std::move(what.open_frame)); }
  void on(ephemeral_pushed& what) { window_.ephemeral(std::move(what.frame)); }
  void on(pull_changed& what);
  void on(acknowledgement& ack);
  void on(replied& what);
  void on(refused& what);
  void on(history_replied& what);
  void on(request_finished&) { count_answer(); }
  void on(greeted&);
  void on(replayed& what) { window_.replay(what.conversation, what.cursor, what.items, what.head); }
  void on(replay_ended& what) { window_.end_replay(std::move(what.synced)); }
  void on(hole_filled& what) { window_.fill(what.conversation, what.items); }
  void on(close_wanted& what) { close(what.code, what.reason); }
  void count_answer();
  void welcome_client(bool resumed);
  /// The answers under way have nobody left to hear them.
  void let_go();

  edge& shared_;
  session_owner_ptr owner_;
  io_worker* worker_;
  std::shared_ptr<address> address_;
  std::shared_ptr<bridge> bridge_;
  session_window window_;
  std::unique_ptr<actors::session_handle> handle_;
  session_transport* transport_ = nullptr;
  /// Requests of the present transport that are not answered, and those of earlier ones. The latter's answers cannot be
  /// told from the former's, so nothing is asked until they have come.
  std::size_t in_flight_ = 0;
  std::size_t unheard_ = 0;
  bool is_greeted_ = false;
  bool is_over_ = false;
  bool ended_ = false;
  std::optional<instant> parked_since_;
};

} // namespace parley::net

#include "actors/session.hpp"

#include <algorithm>
#include <deque>
#include <set>

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "actors/conversation.hpp"
#include "actors/failure.hpp"
#include "actors/session_reads.hpp"
#include "actors/system.hpp"
#include "actors/user.hpp"

namespace parley::actors {

namespace {

/// Entries read at once to close a hole.
constexpr std::size_t hole_page = 200;
constexpr std::chrono::milliseconds hole_retry{1'000};

error rate_error(std::chrono::milliseconds wait) { return {errc::rate_limited, "too many requests", {}, wait}; }

class session_actor final : public caf::event_based_actor {
public:
  session_actor(caf::actor_config& config, const node_context& shared, session_opening opening)
      : caf::event_based_actor{config}, shared_{shared}, self_{std::move(opening)}, link_{self_.link} {}

  caf::behavior make_behavior() override {
    guard_against_defects(this, "session");
    // Whatever ends this actor, its device must not wait in vain and its user must not count it.
    attach_functor([this](const caf::error& why) { on_end(why); });
    attach();
    return {
        [this](client_asked& frame) {
          if (!ready_)
            early_.push_back(std::move(frame));
          else
            handle(frame);
        },
        [this](const entries_needed& hole) { read_hole(hole); },
        [this](const link_closed&) { quit(); },
    };
  }

private:
  // Beginning and end. ----------------------------------------------------------------------------------------------

  void attach() {
    shared_.actors.ask(this, user_address(self_.user), time_limit(), attach_session{self_.session})
        .then(
            // A device seen for the first time starts at the user's positions, so they are stored first.
            [this](completed) { settle_then([this] { introduce(); }); },
            [this](const caf::error& why) {
              const auto problem = from_caf(why);
              if (problem.code == errc::too_many)
                give_up(close_code::too_many_connections, problem.detail);
              else
                give_up(close_code::internal, problem.detail);
            });
  }

  void introduce() {
    shared_.readers.run(
        this, time_limit(),
        [user = self_.user, device = self_.device, now = shared_.clock.now(),
         devices_max = shared_.config.limits.devices](const stores& s) -> result<bool> {
          if (const auto known = s.accounts->ensure_exists(user, now); !known) return fail(known.error());
          return s.devices->touch(user, device, now, devices_max);
        },
        [this](const result<bool>& known) {
          if (!known) return give_up(close_code::internal, known.error().detail);
          greet();
          // Behind the welcome, and before the replay is read, so that nothing falls between.
          shared_.deliveries.add(self_.user, self_.session, link_);
          for (auto& frame : std::exchange(early_, {})) handle(frame);
          settle_then([this] { replay(); });
        });
  }

  void greet() {
    const auto& config = shared_.config;
    link_->greet(encode(welcome{.user = self_.user,
                                .device = self_.device,
                                .session = self_.session,
                                .resume_key = to_string(random_uuid()),
                                .resumed = false,
                                .node = shared_.node,
                                .server_time = shared_.clock.now(),
                                .heartbeat = config.session.heartbeat,
                                .resume_window = config.session.resume,
                                .frame_bytes = config.limits.frame,
                                .text_bytes = config.limits.text,
                                .in_flight = config.limits.in_flight}));
    ready_ = true;
  }

  void replay() {
    const auto limit = self_.skip_replay ? 0 : shared_.config.limits.replay;
    shared_.readers.run(
        this, time_limit(),
        [user = self_.user, device = self_.device, limit](const stores& s) {
          return s.log->backlog_of(user, device, limit);
        },
        [this](result<std::vector<backlog>> read) {
          if (!read) return give_up(close_code::internal, read.error().detail);
          after_open_writes([this, missed = std::move(*read)] { hand_over(missed); });
        });
  }

  void hand_over(const std::vector<backlog>& missed) {
    std::size_t replayed = 0;
    std::vector<unread_count> unread;
    for (const auto& one : missed) {
      auto items = live(one.entries);
      if (!items.empty()) ++replayed;
      if (one.unread > 0) unread.push_back({one.conversation, one.unread});
      link_->replay(one.conversation, self_.skip_replay ? one.head : one.cursor, std::move(items), one.head);
    }
    link_->end_replay(encode_synced(replayed, unread));
  }

  void give_up(close_code code, const std::string& why) {
    link_->close(code, why);
    quit();
  }

  void on_end(const caf::error& why) {
    shared_.deliveries.remove(self_.user, self_.session);
    // Also if the answer to `attach_session` never came: the user may count the session all the same.
    shared_.actors.tell(user_address(self_.user), detach_session{self_.session});
    if (why == caf::exit_reason::unhandled_exception) link_->close(close_code::internal, "a defect of the server");
  }

  // Requests. -------------------------------------------------------------------------------------------------------

  void handle(client_asked& frame) {
    std::visit([&](auto& request) { answer(frame.ref, request); }, frame.request);
  }

  // The connection answers these two itself.
  void answer(const std::string&, auth_request&) { link_->finish(); }
  void answer(const std::string&, ping_request&) { link_->finish(); }

  void answer(const std::string& ref, send_request& send) {
    const auto id = send.to ? direct_conversation(self_.user, *send.to) : *send.conversation;
    if (send.to && *send.to == self_.user)
      return refuse(ref, error{errc::invalid_argument, "to is yourself", "to", {}});

    append_entry order;
    order.request.author = self_.user;
    if (send.client) order.request.client = send.client->id;
    const auto wait = shared_.sends.take(self_.user.value, shared_.clock.steady());
    if (wait && !send.client) return refuse(ref, rate_error(*wait));
    if (wait) order.request.over_rate = rate_error(*wait);
    if (send.to) {
      order.request.must_exist = {*send.to};
      order.direct_peer = std::move(send.to);
    }
    order.request.content = std::move(send.content);
    acknowledgement ack{.ref = ref, .client = send.client ? send.client->text : "", .conversation = id};
    order.origin = entry_origin{self_.session, ack, send.echo};

    touched_.insert(id);
    const auto write = begin_write();
    shared_.actors.ask(this, address_of(id), time_limit(), std::move(order))
        .then(
            [this, write, ack, charged = !wait](const entry_appended& written) mutable {
              ack.seq = written.seq;
              ack.at = written.at;
              ack.duplicate = written.duplicate;
              if (written.duplicate && charged) shared_.sends.refund(self_.user.value);
              link_->acknowledge(std::move(ack));
              end_write(write);
            },
            [this, write, ref](const caf::error& why) {
              refuse(ref, from_caf(why));
              end_write(write);
            });
  }

  void answer(const std::string& ref, create_request& create) {
    // With a client id the conversation's id follows from it, so a repetition finds the same conversation.
    const auto id =
        create.client
            ? conversation_id{named_uuid(fmt::format("create {} {}", self_.user.value, to_string(create.client->id)))}
            : random_conversation();
    append_entry order;
    order.request.author = self_.user;
    if (create.client) order.request.client = create.client->id;
    const auto wait = shared_.creations.take(self_.user.value, shared_.clock.steady());
    if (wait && !create.client) return refuse(ref, rate_error(*wait));
    if (wait) order.request.over_rate = rate_error(*wait);
    order.request.must_exist = create.members;
    order.request.content = std::move(create);

    touched_.insert(id);
    shared_.actors.ask(this, address_of(id), time_limit(), std::move(order))
        .then(
            [this, ref, id, charged = !wait](const entry_appended& written) {
              if (written.duplicate && charged) shared_.creations.refund(self_.user.value);
              auto request = conversation_request{id};
              answer(ref, request);
            },
            [this, ref](const caf::error& why) { refuse(ref, from_caf(why)); });
  }

  void answer(const std::string& ref, positions_request& request) {
    if (request.positions.size() == 1) return move_positions(ref, request);
    // All or none: each is asked before any is moved.
    auto left = std::make_shared<std::size_t>(request.positions.size());
    if (*left == 0) return confirm(ref);
    auto all = std::make_shared<positions_request>(std::move(request));
    for (const auto& one : all->positions) {
      ask_to_move(
          one, *all, true,
          [this, ref, left, all] {
            if (*left > 0 && --*left == 0) move_positions(ref, *all);
          },
          [this, ref, left](const error& why) {
            // The first refusal answers; the others find nothing left to count.
            if (std::exchange(*left, 0) > 0) refuse(ref, why);
          });
    }
  }

  void move_positions(const std::string& ref, const positions_request& request) {
    auto left = std::make_shared<std::size_t>(request.positions.size());
    for (const auto& one : request.positions) {
      touched_.insert(one.conversation);
      ask_to_move(
          one, request, false,
          [this, ref, left] {
            if (*left > 0 && --*left == 0) confirm(ref);
          },
          [this, ref, left](const error& why) {
            if (std::exchange(*left, 0) > 0) refuse(ref, why);
          });
    }
  }

  template <class Moved, class Refused> void ask_to_move(const position& to, const positions_request& request,
                                                         bool check_only, Moved moved, Refused refused) {
    move_position order{self_.user, self_.device, self_.session, to.seq, request.read, request.is_private, check_only};
    shared_.actors.ask(this, address_of(to.conversation), time_limit(), std::move(order))
        .then([moved](completed) mutable { moved(); },
              [refused](const caf::error& why) mutable { refused(from_caf(why)); });
  }

  void answer(const std::string& ref, conversations_request& request) {
    read_after_settling(
        ref, [user = self_.user, ref, request](const stores& s) { return read_conversations(s, user, ref, request); });
  }

  void answer(const std::string& ref, conversation_request& request) {
    read_after_settling(ref, [user = self_.user, ref, request](const stores& s) {
      return read_conversation(s, user, ref, request.conversation);
    });
  }

  void answer(const std::string& ref, members_request& request) {
    // Everybody's positions are shown, so the conversation stores what it has.
    touched_.insert(request.conversation);
    read_after_settling(
        ref, [user = self_.user, ref, request](const stores& s) { return read_members(s, user, ref, request); });
  }

  void answer(const std::string& ref, history_request& request) {
    if (const auto wait = shared_.histories.take(self_.user.value, shared_.clock.steady()))
      return refuse(ref, rate_error(*wait));
    shared_.readers.run(
        this, time_limit(),
        [user = self_.user, ref, request](const stores& s) { return read_history(s, user, ref, request); },
        [this, ref, id = request.conversation](result<history_answer> page) {
          if (!page) return refuse(ref, page.error());
          if (page->reaches_head)
            link_->reply_history(std::move(page->frame), id, page->head);
          else
            link_->reply(std::move(page->frame));
        });
  }

  // Parts of answers. -----------------------------------------------------------------------------------------------

  void refuse(const std::string& ref, const error& why) { link_->reply(encode_error(ref, why)); }

  /// Answers a request whose client may not want to know.
  void confirm(const std::string& ref) {
    if (ref.empty())
      link_->finish();
    else
      link_->reply(encode_plain_ack(ref));
  }

  template <class Job> void read_after_settling(const std::string& ref, Job job) {
    settle_then([this, ref, job = std::move(job)] {
      shared_.readers.run(this, time_limit(), job, [this, ref](result<std::string> frame) {
        if (frame)
          link_->reply(std::move(*frame));
        else
          refuse(ref, frame.error());
      });
    });
  }

  /// Has positions stored that this user moved lately, so that what is read next is no older than what was said.
  template <class Then> void settle_then(Then then) {
    auto open = std::exchange(touched_, {});
    for (const auto& id : shared_.unsettled.of(self_.user)) open.insert(id);
    if (open.empty()) return then();
    auto left = std::make_shared<std::size_t>(open.size());
    auto next = std::make_shared<Then>(std::move(then));
    for (const auto& id : open) {
      // A conversation that cannot store now does not keep the user from reading.
      const auto finished = [left, next] {
        if (--*left == 0) (*next)();
      };
      shared_.actors.ask(this, address_of(id), time_limit(), settle_positions{})
          .then([finished](completed) { finished(); }, [finished](const caf::error&) { finished(); });
    }
  }

  void read_hole(const entries_needed& hole) {
    shared_.readers.run(
        this, time_limit(),
        [user = self_.user, hole](const stores& s) -> result<std::vector<entry>> {
          const auto found = s.log->find_access(hole.conversation, user);
          if (!found) return fail(found.error());
          if (!*found) return std::vector<entry>{};
          const auto& self = (*found)->self;
          const auto last = self.active() ? (*found)->head : self.left;
          // Who came back is not pushed what was said while it was away.
          const auto after = std::max(hole.after, self.joined - 1);
          return s.log->read(hole.conversation, {.after = after, .before = last + 1, .limit = hole_page});
        },
        [this, hole](const result<std::vector<entry>>& read) {
          if (!read) return delayed_send(this, hole_retry, hole);
          after_open_writes([this, hole, items = live(*read)] { link_->fill(hole.conversation, items); });
        });
  }

  static std::vector<live_entry_ptr> live(const std::vector<entry>& entries) {
    std::vector<live_entry_ptr> items;
    items.reserve(entries.size());
    for (const auto& item : entries) items.push_back(make_live(item));
    return items;
  }

  // Own entries. ----------------------------------------------------------------------------------------------------

  std::uint64_t begin_write() {
    open_writes_.insert(++last_write_);
    return last_write_;
  }

  void end_write(std::uint64_t write) {
    open_writes_.erase(write);
    while (!postponed_.empty() && (open_writes_.empty() || *open_writes_.begin() > postponed_.front().first)) {
      const auto next = std::move(postponed_.front().second);
      postponed_.pop_front();
      next();
    }
  }

  /// Runs `then` when every message of this session that is under way now was answered: what was read from the log may
  /// hold it already, and its acknowledgement goes first.
  void after_open_writes(std::function<void()> then) {
    if (open_writes_.empty()) return then();
    postponed_.emplace_back(last_write_, std::move(then));
  }

  std::chrono::milliseconds time_limit() const { return shared_.config.limits.request_age * 2; }

  const node_context& shared_;
  session_opening self_;
  client_link_ptr link_;
  /// The welcome is out.
  bool ready_ = false;
  /// Requests that came before the welcome.
  std::vector<client_asked> early_;
  /// Conversations in which this session moved positions since they were last settled.
  std::set<conversation_id> touched_;
  /// Messages under way to the log, in the order in which they were asked for.
  std::set<std::uint64_t> open_writes_;
  std::uint64_t last_write_ = 0;
  /// What waits for all of them up to one.
  std::deque<std::pair<std::uint64_t, std::function<void()>>> postponed_;
};

class caf_session_handle final : public session_handle {
public:
  explicit caf_session_handle(caf::actor session) : session_{std::move(session)} {}

  void ask(client_asked frame) override { caf::anon_send(session_, std::move(frame)); }
  void need(entries_needed hole) override { caf::anon_send(session_, hole); }
  void closed() override {
    caf::anon_send(session_, link_closed{});
    session_ = nullptr;
  }

private:
  caf::actor session_;
};

} // namespace

std::unique_ptr<session_handle> open_session(caf::actor_system& system, const node_context& shared,
                                             session_opening opening) {
  return std::make_unique<caf_session_handle>(system.spawn<session_actor>(shared, std::move(opening)));
}

} // namespace parley::actors

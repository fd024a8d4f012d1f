#include "actors/session.hpp"

#include <algorithm>
#include <deque>
#include <set>

#include <caf/actor_system.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "actors/answer_deadlines.hpp"
#include "actors/conversation.hpp"
#include "actors/failure.hpp"
#include "actors/presence.hpp"
#include "actors/resting_actor.hpp"
#include "actors/session_interests.hpp"
#include "actors/session_reads.hpp"
#include "actors/session_seat.hpp"
#include "actors/single_link.hpp"
#include "actors/system.hpp"
#include "actors/user.hpp"

namespace parley::actors {

namespace {

constexpr std::chrono::milliseconds hole_retry{1'000};
/// Whoever was left alone for this long sleeps within as long again.
constexpr std::chrono::milliseconds rest_after{5'000};

error rate_error(std::chrono::milliseconds wait) { return {errc::rate_limited, "too many requests", {}, wait}; }

class session_actor final : public resting_actor {
public:
  session_actor(caf::actor_config& config, const node_context& shared, std::shared_ptr<session_seat> seat)
      : resting_actor{config}, shared_{shared}, seat_{std::move(seat)} {}

  caf::behavior make_behavior() override {
    guard_against_defects(this, "session");
    // Whatever ends this actor, its device must not wait in vain and its user must not count it.
    attach_functor([this](const caf::error& why) { on_end(why); });
    if (!memory_.is_ready) attach();
    stir();
    return {
        [this](client_asked& frame) {
          stir();
          if (!memory_.is_ready)
            early_.push_back(std::move(frame));
          else
            handle(frame);
        },
        [this](const entries_needed& hole) {
          stir();
          read_hole(hole);
        },
        [this](const hole_due& due) {
          --holes_;
          read_hole(due.hole);
        },
        [this](const link_detached&) { detach(); },
        [this](const link_attached&) { attach_again(); },
        [this](const look_at_deadlines&) { answers_.expire(); },
        [this](const rest_check&) { rest(); },
        [this](const link_closed&) { quit(); },
    };
  }

private:
  // Sleep. ----------------------------------------------------------------------------------------------------------

  /// There is something to do: no sleep for a while.
  void stir() {
    is_stirred_ = true;
    rest_later();
  }

  void rest_later() {
    if (!std::exchange(is_rest_due_, true)) delayed_send(this, rest_after, rest_check{});
  }

  void rest() {
    is_rest_due_ = false;
    if (std::exchange(is_stirred_, false) || !is_idle() || !seat_->sleep(this)) return rest_later();
    is_asleep_ = true;
    quit();
  }

  [[nodiscard]] bool is_idle() const {
    return !awaits_answers() && early_.empty() && open_writes_.empty() && postponed_.empty() && holes_ == 0;
  }

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
          link_->greet();
          memory_.is_ready = true;
          interests_.attached();
          // Behind the welcome, and before the replay is read, so that nothing falls between.
          shared_.deliveries.add(self_.user, self_.session, link_);
          for (auto& frame : std::exchange(early_, {})) handle(frame);
          settle_then([this] { replay(); });
        });
  }

  /// Without a transport it counts neither as a connection nor as present; what it is pushed waits for its return.
  void detach() {
    shared_.actors.tell(user_address(self_.user), detach_session{self_.session});
    interests_.detached();
  }

  void attach_again() {
    shared_.actors.ask(this, user_address(self_.user), time_limit(), attach_session{self_.session})
        .then([this](completed) { interests_.attached(); },
              [this](const caf::error& why) {
                const auto problem = from_caf(why);
                if (problem.code == errc::too_many) give_up(close_code::too_many_connections, problem.detail);
              });
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
      if (one.unread > 0) unread.push_back({one.conversation, one.unread});
      if (one.mode == delivery_mode::pull && !one.ended) {
        if (!self_.skip_replay && one.head > one.cursor) link_->hint(one.conversation, one.head);
        continue;
      }
      auto items = live(with_changes(one.entries, one.changes));
      if (!items.empty()) ++replayed;
      link_->replay(one.conversation, self_.skip_replay ? one.head : one.cursor, std::move(items), one.head);
    }
    link_->end_replay(encode_synced(replayed, unread));
  }

  void give_up(close_code code, const std::string& why) {
    link_->close(code, why);
    quit();
  }

  void on_end(const caf::error& why) {
    if (is_asleep_) return;
    seat_->leave();
    if (self_.single) {
      link_->finish();
      return;
    }
    shared_.deliveries.remove(self_.user, self_.session);
    if (memory_.is_ready) interests_.end();
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
    if (send.to) {
      order.request.must_exist = {*send.to};
      order.direct_peer = std::move(send.to);
    }
    order.request.print = send.content.print;
    order.request.content = std::move(send.content);
    write(ref, id, send.client, send.echo, std::move(order));
  }

  void answer(const std::string& ref, change_request& change) {
    append_entry order;
    order.request.print = change.print;
    if (const auto* wish = std::get_if<membership_content>(&change.content);
        wish && wish->action == member_change::action_kind::add)
      order.request.must_exist = wish->users;
    std::visit([&](auto& content) { order.request.content = std::move(content); }, change.content);
    write(ref, change.conversation, change.client, true, std::move(order));
  }

  /// Has the conversation write one entry, and acknowledges it.
  void write(const std::string& ref, const conversation_id& id, const std::optional<client_ref>& client, bool echo,
             append_entry order) {
    order.request.author = self_.user;
    if (client) order.request.client = client->id;
    const auto wait = shared_.sends.take(self_.user.value, shared_.clock.steady());
    if (wait && !client) return refuse(ref, rate_error(*wait));
    if (wait) order.request.over_rate = rate_error(*wait);
    acknowledgement ack{.ref = ref, .client = client ? client->text : "", .conversation = id};
    if (!self_.single) order.origin = entry_origin{self_.session, ack, echo};

    memory_.touched.edit().insert(id);
    const auto begun = begin_write();
    answers_.await<entry_appended>(
        shared_.actors.ask(this, address_of(id), caf::infinite, std::move(order)),
        [this, begun, ack, charged = !wait](const entry_appended& written) mutable {
          ack.seq = written.seq;
          ack.at = written.at;
          ack.duplicate = written.duplicate;
          if (written.duplicate && charged) shared_.sends.refund(self_.user.value);
          link_->acknowledge(std::move(ack));
          end_write(begun);
        },
        [this, begun, ref](const error& why) {
          refuse(ref, why);
          end_write(begun);
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
    order.request.print = create.print;
    order.request.content = std::move(create);

    memory_.touched.edit().insert(id);
    shared_.actors.ask(this, address_of(id), time_limit(), std::move(order))
        .then(
            [this, ref, id, charged = !wait](const entry_appended& written) {
              if (written.duplicate && charged) shared_.creations.refund(self_.user.value);
              auto request = conversation_request{id};
              answer(ref, request);
            },
            [this, ref](const caf::error& why) { refuse(ref, from_caf(why)); });
  }

  void answer(const std::string& ref, mute_request& mute) {
    shared_.actors.ask(this, address_of(mute.conversation), time_limit(), mute_conversation{self_.user, mute.until})
        .then(
            [this, ref, mute](completed) {
              confirm_always(ref);
              shared_.deliveries.event(
                  self_.user, std::make_shared<const std::string>(encode_open_muted(mute.conversation, mute.until)));
            },
            [this, ref](const caf::error& why) { refuse(ref, from_caf(why)); });
  }

  void answer(const std::string& ref, block_request& block) {
    if (block.user == self_.user) return refuse(ref, error{errc::invalid_argument, "user is yourself", "user", {}});
    shared_.readers.run(
        this, time_limit(),
        [user = self_.user, block](const stores& s) -> result<void> {
          const auto known = s.accounts->find(block.user);
          if (!known) return fail(known.error());
          if (!*known) return fail(errc::not_found, fmt::format("there is no user {}", block.user.value), "user");
          return s.accounts->set_blocked(user, block.user, block.on);
        },
        [this, ref, block](const result<void>& stored) {
          if (!stored) return refuse(ref, stored.error());
          shared_.actors.tell(presence_address(self_.user), hide_presence{block.user, block.on});
          const auto direct = address_of(direct_conversation(self_.user, block.user));
          shared_.actors.ask(this, direct, time_limit(), change_block{self_.user, block.user, block.on})
              .then([this, ref](completed) { confirm_always(ref); },
                    [this, ref](const caf::error& why) { refuse(ref, from_caf(why)); });
        });
  }

  void answer(const std::string& ref, search_request& search) {
    if (const auto wait = shared_.histories.take(self_.user.value, shared_.clock.steady()))
      return refuse(ref, rate_error(*wait));
    read(ref, [user = self_.user, ref, query = std::move(search.query)](const stores& s) {
      return read_results(s, user, ref, query);
    });
  }

  void answer(const std::string& ref, presence_request& request) { interests_.change(request, ending_of(ref)); }
  void answer(const std::string& ref, focus_request& request) { interests_.change(request, ending_of(ref)); }

  void answer(const std::string& ref, typing_request& request) {
    shared_.actors.ask(this, address_of(request.conversation), time_limit(), tell_typing{self_.user, request.on})
        .then([this, ref](completed) { confirm(ref); },
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
      memory_.touched.edit().insert(one.conversation);
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
    answers_.await<completed>(
        shared_.actors.ask(this, address_of(to.conversation), caf::infinite, std::move(order)),
        [moved](const completed&) mutable { moved(); }, [refused](const error& why) mutable { refused(why); });
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
    memory_.touched.edit().insert(request.conversation);
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

  void refuse(const std::string& ref, const error& why) { link_->refuse(ref, why); }

  void confirm_always(const std::string& ref) { link_->reply(encode_plain_ack(ref)); }

  session_interests::ending ending_of(const std::string& ref) {
    return [this, ref](const std::optional<error>& why) {
      if (why)
        refuse(ref, *why);
      else
        confirm(ref);
    };
  }

  /// Answers a request whose client may not want to know.
  void confirm(const std::string& ref) {
    if (ref.empty())
      link_->finish();
    else
      link_->reply(encode_plain_ack(ref));
  }

  template <class Job> void read_after_settling(const std::string& ref, Job job) {
    settle_then([this, ref, job = std::move(job)] { read(ref, job); });
  }

  template <class Job> void read(const std::string& ref, Job job) {
    shared_.readers.run(this, time_limit(), std::move(job), [this, ref](result<std::string> frame) {
      if (frame)
        link_->reply(std::move(*frame));
      else
        refuse(ref, frame.error());
    });
  }

  /// Has positions stored that this user moved lately, so that what is read next is no older than what was said.
  template <class Then> void settle_then(Then then) {
    auto open = memory_.touched.take();
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
        [user = self_.user, hole](const stores& s) { return read_missing(s, user, hole.conversation, hole.after); },
        [this, hole](const result<std::vector<entry>>& read) {
          if (!read) return read_hole_later(hole);
          after_open_writes([this, hole, items = live(*read)] { link_->fill(hole.conversation, items); });
        });
  }

  void read_hole_later(const entries_needed& hole) {
    ++holes_;
    delayed_send(this, hole_retry, hole_due{hole});
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
  std::shared_ptr<session_seat> seat_;
  session_memory& memory_{seat_->memory};
  const session_opening& self_{memory_.opening};
  const client_link_ptr& link_{self_.link};
  session_interests interests_{this, shared_, memory_};
  answer_deadlines answers_{this, shared_.clock, time_limit()};
  /// Requests that came before the welcome.
  std::vector<client_asked> early_;
  /// Messages under way to the log, in the order in which they were asked for.
  std::set<std::uint64_t> open_writes_;
  std::uint64_t last_write_ = 0;
  /// What waits for all of them up to one.
  std::deque<std::pair<std::uint64_t, std::function<void()>>> postponed_;
  /// Holes that are looked at again.
  std::size_t holes_ = 0;
  bool is_stirred_ = false;
  bool is_rest_due_ = false;
  bool is_asleep_ = false;
};

/// What a connection holds of its session.
class seat_handle final : public session_handle {
public:
  explicit seat_handle(std::shared_ptr<session_seat> seat) : seat_{std::move(seat)} {}

  void ask(client_asked frame) override { seat_->tell(std::move(frame)); }
  void need(entries_needed hole) override { seat_->tell(hole); }
  void detached() override { seat_->tell(link_detached{}); }
  void attached() override { seat_->tell(link_attached{}); }
  void closed() override { seat_->tell(link_closed{}); }

private:
  std::shared_ptr<session_seat> seat_;
};

} // namespace

caf::actor start_session(caf::actor_system& system, const node_context& shared, std::shared_ptr<session_seat> seat) {
  return system.spawn<session_actor>(shared, std::move(seat));
}

void run_single_request(caf::actor_system& system, const node_context& shared, single_request request) {
  auto link = std::make_shared<single_link>(std::move(request.then));
  const auto seat = std::make_shared<session_seat>(
      system, shared,
      session_opening{
          .user = std::move(request.user), .device = std::move(request.device), .link = link, .single = true});
  // Before its first message, which is the one thing that it answers.
  link->belongs_to(seat);
  seat->tell(client_asked{"", std::move(request.request)});
}

std::unique_ptr<session_handle> open_session(caf::actor_system& system, const node_context& shared,
                                             session_opening opening) {
  auto seat = std::make_shared<session_seat>(system, shared, std::move(opening));
  seat->open();
  return std::make_unique<seat_handle>(std::move(seat));
}

} // namespace parley::actors

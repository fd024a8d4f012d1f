#include "actors/conversation.hpp"

#include <algorithm>
#include <deque>
#include <limits>
#include <set>

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <parley/permissions.hpp>

#include "actors/answer_deadlines.hpp"
#include "actors/append_lookup.hpp"
#include "actors/append_steps.hpp"
#include "actors/conversation_load.hpp"
#include "actors/failure.hpp"
#include "actors/position_keeper.hpp"
#include "actors/pull_feed.hpp"
#include "actors/receipt_keeper.hpp"
#include "actors/recent_authors.hpp"
#include "actors/system.hpp"
#include "actors/typing_news.hpp"
#include "actors/waiting_requests.hpp"

namespace parley::actors {

namespace {

using std::chrono::milliseconds;

/// Entries in one write.
constexpr std::size_t batch_max = 256;
/// Positions are stored within a second; this leaves room for the write.
constexpr milliseconds positions_rest{500};
/// Receipts go to the authors of what was covered in groups up to this size.
constexpr std::size_t receipts_members_max = 100;
/// Longer than any commit; if it takes longer still, the state is read again and the log's key decides.
constexpr milliseconds write_timeout{30'000};
constexpr milliseconds overload_pause{200};
/// Between attempts to find out what became of a write; everybody hears of an entry within 10 s.
constexpr milliseconds reload_pause{3'000};

append_limits limits_of(const settings& config) {
  const auto most = config.groups.push_limit;
  return {.members_max = config.limits.members, .push_max = most > 0 ? most : std::numeric_limits<std::size_t>::max()};
}

class conversation_actor final : public caf::event_based_actor {
public:
  conversation_actor(caf::actor_config& config, const node_context& shared, conversation_id id)
      : caf::event_based_actor{config}, shared_{shared}, id_{id}, used_{shared.clock.steady()} {}

  caf::behavior make_behavior() override {
    guard_against_defects(this, "conversation");
    delayed_send(this, shared_.config.actors.idle, rest_check{});
    return {
        [this](append_entry& order) { return admit(order); },
        [this](const move_position& move) { return admit(moves_, move); },
        [this](const settle_positions& order) { return admit(settlers_, order); },
        [this](const mute_conversation& order) { return admit(mutes_, order); },
        [this](const tell_typing& order) { return admit(typings_, order); },
        [this](const begin_focus& order) { return admit(focuses_, order); },
        [this](const end_focus& order) { feed_.unfocus(order.session); },
        [this](const change_block& order) { return apply_block(order); },
        [this](const look_around& reminder) {
          if (wake_at_ == reminder.due) wake_at_.reset();
          work();
        },
        [this](const rest_check&) {
          delayed_send(this, shared_.config.actors.idle, rest_check{});
          work();
        },
        [this](const look_at_deadlines&) { writes_.expire(); },
        [this](const wind_up&) {
          closing_ = true;
          work();
        },
    };
  }

private:
  // Arrival. --------------------------------------------------------------------------------------------------------

  caf::result<entry_appended> admit(append_entry& order) {
    used_ = shared_.clock.steady();
    const auto& limits = shared_.config.limits;
    if (queue_.size() + batch_.size() >= limits.conversation_queue ||
        shared_.lane_of(id_).waiting() >= limits.lane_queue)
      return to_caf(error{errc::overloaded, "too many requests wait for this conversation", {}, overload_pause});
    auto answer = make_response_promise<entry_appended>();
    queue_.push_back({std::move(order), answer, used_, {}});
    work();
    return answer;
  }

  template <class Message> caf::result<completed> admit(waiting_requests<Message>& where, const Message& order) {
    used_ = shared_.clock.steady();
    auto answer = make_response_promise<completed>();
    where.add(order, answer);
    work();
    return answer;
  }

  // The cycle. ------------------------------------------------------------------------------------------------------

  /// Does whatever can be done now; called after every change.
  void work() {
    if (busy_) return;
    if (state_) {
      moves_.apply([this](const move_position& move) { return apply(move); });
      typings_.apply([this](const tell_typing& order) { return apply(order); });
      focuses_.apply([this](const begin_focus& order) { return apply(order); });
      apply_mutes();
      push_receipts();
      push_hints();
      decide_queue();
      if (busy_) return;
    } else if (!queue_.empty() || !moves_.empty() || !typings_.empty() || !focuses_.empty() || !mutes_.empty() ||
               reload_is_due() || (!receipts_.is_empty() && positions_.is_clean())) {
      return load();
    }
    // Positions can be stored without knowing the state.
    if (!batch_.empty() || !changed_members_.empty() || positions_are_due()) return write();
    if (positions_.is_clean()) settlers_.complete();
    rest();
  }

  void load() {
    busy_ = true;
    // What others wrote since, or a write of ours whose outcome was not known, has not been fanned out here.
    const auto fanned_out = was_loaded_ ? std::optional{committed_head_} : std::nullopt;
    shared_.readers.run(
        this, shared_.config.limits.request_age,
        [id = id_, fanned_out](const stores& s) { return load_conversation(s, id, fanned_out, batch_max); },
        [this](result<loaded_log> loaded) {
          busy_ = false;
          if (reload_at_) reload_at_ = shared_.clock.steady() + reload_pause;
          if (!loaded) return refuse_all(loaded.error());
          // Somebody was blocked while it was read.
          if (std::exchange(blocks_changed_, false)) return load();
          reload_at_.reset();
          auto& snapshot = loaded->snapshot;
          blockers_ = std::move(loaded->blockers);
          for (auto& one : queue_) one.facts.target.reset();
          state_ = snapshot ? conversation_state{std::move(*snapshot)} : conversation_state{id_};
          // The log does not have them yet, but others have been told.
          for (const auto& position : positions_.waiting()) state_->raise(position);
          committed_head_ = state_->head();
          was_loaded_ = true;
          authors_ = {};
          for (const auto& item : loaded->missed) {
            remember(item);
            if (state_->record().mode == delivery_mode::push)
              shared_.deliveries.push(members_at(*state_, item.seq), make_live(item));
            else
              feed(make_live(item));
          }
          work();
        });
  }

  bool reload_is_due() const { return reload_at_ && shared_.clock.steady() >= *reload_at_; }

  void decide_queue() {
    std::set<client_id> clients;
    while (!queue_.empty() && batch_.size() < batch_max) {
      auto& next = queue_.front();
      if (shared_.clock.steady() - next.arrived > shared_.config.limits.request_age) {
        answer_front(error{errc::timeout, "the request waited too long", {}, {}});
        continue;
      }
      auto& request = next.order.request;
      // The same client id twice in one write: the second is decided on when the first is in the log.
      if (request.client && clients.contains(*request.client)) return;
      if (state_->record().kind == conversation_kind::direct && state_->head() > 0)
        next.facts.is_blocked = has_blocker(request.author);
      if (state_->head() == 0) {
        // Whoever asked for it in vain before has left no trace.
        state_ = conversation_state{id_};
        if (next.order.direct_peer) state_->become_direct(request.author, *next.order.direct_peer, shared_.clock.now());
      }

      auto decision = decide(*state_, recent_, request, next.facts, shared_.clock.now(), limits_of(shared_.config));
      if (auto* fresh = std::get_if<entry>(&decision)) {
        if (fresh->client) clients.insert(*fresh->client);
        take_into_batch(*fresh);
      } else if (const auto* earlier = std::get_if<already_written>(&decision)) {
        next.answer.deliver(entry_appended{earlier->first.seq, earlier->first.at, true});
        queue_.pop_front();
      } else if (const auto* nothing = std::get_if<unchanged>(&decision)) {
        // What made the present state may be in this very write.
        if (nothing->seq > committed_head_) return;
        next.answer.deliver(entry_appended{nothing->seq, shared_.clock.now(), true});
        queue_.pop_front();
      } else if (const auto* question = std::get_if<needs_lookup>(&decision)) {
        // What is decided already is written first.
        if (batch_.empty()) look_up(*question);
        return;
      } else {
        answer_front(std::get<error>(decision));
      }
    }
  }

  void take_into_batch(entry& fresh) {
    const auto cause = fresh;
    if (const auto why = append(fresh)) return answer_front(*why);
    batch_.back().request = std::move(queue_.front());
    queue_.pop_front();
    auto mode_change = mode_change_due(*state_, cause, limits_of(shared_.config));
    if (!mode_change) return;
    if (const auto why = append(*mode_change))
      spdlog::error("conversation {}: its mode cannot change: {}", to_string(id_), why->detail);
  }

  /// Folds `fresh` into the state and puts it into the batch.
  std::optional<error> append(entry& fresh) {
    const auto before = state_->audience();
    const auto mode = state_->record().mode;
    const auto change = state_->apply(fresh);
    if (!change) return change.error();
    if (change->record) record_changed_ = true;
    for (const auto& user : change->members) changed_members_.insert(user);
    written_append one{
        .request = std::nullopt, .item = std::move(fresh), .audience = state_->audience(), .affected = change->members};
    one.to_all = mode == delivery_mode::push || state_->record().mode == delivery_mode::push || one.item.seq == 1;
    one.begins_push = mode == delivery_mode::pull && state_->record().mode == delivery_mode::push;
    // Whom the entry removes is told so; whom it adds begins with it.
    if (before != one.audience) {
      std::set<user_id> both{before->begin(), before->end()};
      both.insert(one.audience->begin(), one.audience->end());
      one.audience = std::make_shared<const std::vector<user_id>>(both.begin(), both.end());
    }
    batch_.push_back(std::move(one));
    return std::nullopt;
  }

  void answer_front(const error& why) {
    queue_.front().answer.deliver(to_caf(why));
    queue_.pop_front();
  }

  void look_up(const needs_lookup& question) {
    busy_ = true;
    const auto& order = queue_.front().order;
    shared_.readers.run(
        this, shared_.config.limits.request_age,
        [id = id_, question, request = order.request,
         peer = order.direct_peer ? order.direct_peer : peer_of(*state_, order.request.author)](const stores& s) {
          return actors::look_up(s, id, question, request, peer);
        },
        [this](result<looked_up> facts) {
          busy_ = false;
          if (!facts) {
            answer_front(facts.error());
          } else {
            auto& known = queue_.front().facts;
            if (facts->client) known.client = facts->client;
            if (facts->target) known.target = std::move(facts->target);
            if (facts->missing_users) known.missing_users = std::move(facts->missing_users);
            if (facts->missing_files) known.missing_files = std::move(facts->missing_files);
            if (facts->is_blocked) known.is_blocked = facts->is_blocked;
          }
          work();
        });
  }

  // Writing. --------------------------------------------------------------------------------------------------------

  void write() {
    conversation_write what;
    what.conversation = id_;
    for (const auto& one : batch_) {
      what.entries.push_back(one.item);
      if (one.item.kind == entry_kind::deleted) what.erased.push_back(one.item.target);
      const auto* message = one.request ? std::get_if<message_content>(&one.request->order.request.content) : nullptr;
      if (message) what.files.insert(what.files.end(), message->files.begin(), message->files.end());
    }
    if (std::exchange(record_changed_, false)) what.record = state_->record();
    for (const auto& user : std::exchange(changed_members_, {}))
      if (const auto* one = state_->find(user)) what.members.push_back(*one);
    if (positions_are_due()) {
      positions_.move_into(what);
      positions_stored_ = shared_.clock.steady();
    }

    busy_ = true;
    const auto& lane = shared_.lane_of(id_);
    lane.enter(what.entries.size());
    writes_.await<write_outcome>(
        request(lane.actor(), caf::infinite, write_log{std::move(what)}),
        [this](const write_outcome& outcome) { on_written(outcome); },
        [this](const error& why) { on_write_failed(why); });
  }

  void on_written(const write_outcome& outcome) {
    busy_ = false;
    if (std::holds_alternative<committed>(outcome)) {
      if (positions_.is_writing())
        for (const auto& user : positions_.stored()) shared_.unsettled.clear(user, id_);
      for (auto& one : std::exchange(batch_, {})) deliver(one);
      mutes_writing_.complete();
      if (positions_.is_clean()) settlers_.complete();
    } else {
      if (const auto* repetition = std::get_if<repeated>(&outcome)) {
        // Memory did not know this client id; the log did.
        auto& one = batch_.at(repetition->index);
        if (one.request)
          one.request->facts.client = written{repetition->first.seq, repetition->first.at, repetition->first.print};
      }
      // Nothing was written. The state has run ahead of the log: read it again and decide again, in the same order.
      for (auto one = batch_.rbegin(); one != batch_.rend(); ++one)
        if (one->request) queue_.push_front(std::move(*one->request));
      mutes_writing_.move_to(mutes_);
      forget_state();
    }
    work();
  }

  void on_write_failed(const error& why) {
    busy_ = false;
    // It may have been written after all: the log is asked before anything else is decided, and soon in any case.
    if (!batch_.empty()) reload_at_ = shared_.clock.steady();
    for (auto& one : std::exchange(batch_, {}))
      if (one.request) one.request->answer.deliver(to_caf(why));
    mutes_writing_.fail(why);
    forget_state();
    settlers_.fail(why);
    // Nothing waits for a database that is away when the node ends; clients repeat their positions.
    if (closing_) positions_ = {};
    work();
  }

  void forget_state() {
    batch_.clear();
    if (positions_.is_writing()) positions_.failed();
    state_.reset();
    record_changed_ = false;
    changed_members_.clear();
  }

  void deliver(written_append& one) {
    const auto& item = one.item;
    committed_head_ = item.seq;
    remember(item);
    // What its message has moved is stored with the other positions.
    if (const auto* author = state_->find(item.author); author && author->read >= item.seq)
      note_position({item.author, item.seq, item.seq, item.seq});

    std::optional<entry_origin> origin;
    if (one.request) {
      one.request->answer.deliver(entry_appended{item.seq, item.at, false});
      origin = std::move(one.request->order.origin);
    }
    if (origin) {
      origin->ack.conversation = id_;
      origin->ack.seq = item.seq;
      origin->ack.at = item.at;
    }
    fan_out(one, std::move(origin));
  }

  void fan_out(const written_append& one, std::optional<entry_origin> origin) {
    const auto live = make_live(one.item, std::move(origin), {.begins_push = one.begins_push});
    if (one.to_all) {
      shared_.deliveries.push(*one.audience, live);
    } else {
      feed(live);
      // Whom it concerns is told in any case.
      if (!one.affected.empty())
        shared_.deliveries.push(one.affected, make_live(one.item, live->origin, {.apart = true}));
    }
    for (const auto& user : one.affected)
      if (!state_->find_active(user)) feed_.drop(user);
  }

  void feed(const live_entry_ptr& item) {
    feed_.push(item);
    feed_.owe_hint();
    push_hints();
  }

  void push_hints() {
    if (feed_.take_hint(shared_.clock.steady()))
      shared_.deliveries.hint(*state_->audience(), id_, committed_head_, feed_.sessions());
  }

  void remember(const entry& item) {
    authors_.remember(item);
    if (item.client) recent_.remember(item.author, *item.client, {item.seq, item.at, item.print});
  }

  // Positions. ------------------------------------------------------------------------------------------------------

  void note_position(const position_update& to) {
    positions_.raise(to);
    shared_.unsettled.mark(to.user, id_);
  }

  std::optional<error> apply(const move_position& move) {
    const auto* self = state_->head() > 0 ? state_->find(move.user) : nullptr;
    if (!self) return error{errc::not_found, "no such conversation", "conversation", {}};
    const auto last = self->active() ? committed_head_ : self->left;
    if (move.seq > last) return error{errc::invalid_argument, "seq is above the newest entry", "seq", {}};
    if (move.check_only) return std::nullopt;

    const auto before = *self;
    position_update to{move.user, move.seq, 0, 0};
    if (move.read) to.read = move.seq;
    if (move.read && !move.is_private) to.shown = move.seq;
    positions_.raise(cursor_update{move.user, move.device, move.seq});
    shared_.unsettled.mark(move.user, id_);
    const auto* after = state_->raise(to);
    if (!after) return std::nullopt;
    note_position(to);

    using kind = owed_receipt::kind;
    if (after->delivered > before.delivered)
      receipts_.owe({move.user, kind::delivered, before.delivered, after->delivered, move.session});
    if (after->shown > before.shown) receipts_.owe({move.user, kind::read, before.shown, after->shown, move.session});
    if (after->read > before.read) receipts_.owe({move.user, kind::own_read, before.read, after->read, move.session});
    return std::nullopt;
  }

  bool positions_are_due() const {
    if (positions_.is_clean() || positions_.is_writing()) return false;
    return closing_ || !settlers_.empty() || shared_.clock.steady() - positions_stored_ >= positions_rest;
  }

  // Members, one by one. --------------------------------------------------------------------------------------------

  error no_such_conversation() const { return {errc::not_found, "no such conversation", "conversation", {}}; }

  /// The member as of the newest entry that is in the log.
  const member* find_member(const user_id& user) const {
    return state_->head() > 0 ? state_->find_active(user) : nullptr;
  }

  /// Those that are allowed wait for the write.
  void apply_mutes() {
    mutes_.apply_and_keep(mutes_writing_, [this](const mute_conversation& order) -> std::optional<error> {
      if (!find_member(order.user)) return no_such_conversation();
      state_->mute(order.user, order.until);
      changed_members_.insert(order.user);
      return std::nullopt;
    });
  }

  std::optional<error> apply(const begin_focus& order) {
    if (!find_member(order.user)) return no_such_conversation();
    if (!order.check_only) feed_.focus(id_, order.user, order.session, order.link, committed_head_);
    return std::nullopt;
  }

  std::optional<error> apply(const tell_typing& order) {
    const auto* self = find_member(order.user);
    if (!self) return no_such_conversation();
    if (!may_post(self->role)) return error{errc::forbidden, "readers may not write", {}, {}};
    if (state_->record().mode != delivery_mode::push || !blockers_.empty()) return std::nullopt;
    if (!typing_.take(order.user, order.on, shared_.clock.steady())) return std::nullopt;
    const auto frame =
        std::make_shared<const std::string>(encode_typing(id_, order.user, order.on, typing_news::lasts));
    for (const auto& user : *state_->audience())
      if (user != order.user) shared_.deliveries.ephemeral(user, frame);
    return std::nullopt;
  }

  /// Whether the other user of a direct conversation has blocked `author`.
  bool has_blocker(const user_id& author) const {
    return std::ranges::any_of(blockers_, [&](const user_id& user) { return user != author; });
  }

  caf::result<completed> apply_block(const change_block& order) {
    if (order.on)
      blockers_.insert(order.user);
    else
      blockers_.erase(order.user);
    // What is being read now may not have it yet.
    if (!state_ && busy_) blocks_changed_ = true;
    for (auto& one : queue_) one.facts.is_blocked.reset();
    return completed{};
  }

  // Receipts. -------------------------------------------------------------------------------------------------------

  void push_receipts() {
    for (const auto& owed : receipts_.take_due(shared_.clock.steady())) push_receipt(owed);
  }

  void push_receipt(const owed_receipt& owed) {
    const auto frame = std::make_shared<const std::string>(
        encode_open(receipt{id_, owed.to, owed.user, owed.what != owed_receipt::kind::delivered, shared_.clock.now()}));
    if (owed.what == owed_receipt::kind::own_read) return shared_.deliveries.event(owed.user, frame, owed.by);
    if (state_->record().kind == conversation_kind::direct) {
      for (const auto& user : *state_->audience())
        if (user != owed.user) shared_.deliveries.event(user, frame);
      return;
    }
    if (state_->active_members() > receipts_members_max) return;
    authors_.find(this, shared_, id_, owed, [this, reader = owed.user, frame](const std::set<user_id>& authors) {
      for (const auto& author : authors)
        if (author != reader) shared_.deliveries.event(author, frame);
    });
  }

  // Rest and end. ---------------------------------------------------------------------------------------------------

  void refuse_all(const error& why) {
    for (auto& one : std::exchange(queue_, {})) one.answer.deliver(to_caf(why));
    moves_.fail(why);
    typings_.fail(why);
    focuses_.fail(why);
    mutes_.fail(why);
    settlers_.fail(why);
    rest();
  }

  /// Nothing can be done now: sees to it that it is woken when there is, or ends.
  void rest() {
    const auto now = shared_.clock.steady();
    const auto is_idle = now - used_ >= shared_.config.actors.idle;
    const auto has_nothing = queue_.empty() && moves_.empty() && settlers_.empty() && positions_.is_clean() &&
                             mutes_.empty() && typings_.empty() && focuses_.empty();
    if (has_nothing &&
        (closing_ || (is_idle && !reload_at_ && !feed_.has_focus() && (receipts_.is_empty() || !state_)))) {
      if (shared_.actors.passivate(address_of(id_), this)) return quit();
    }
    // Without the state receipts wait until it is read again.
    if (const auto due = receipts_.next_due(); due && state_) wake_at(*due);
    if (const auto due = feed_.next_hint(); due && state_) wake_at(*due);
    if (reload_at_) wake_at(*reload_at_);
    if (!positions_.is_clean()) wake_at(positions_stored_ + positions_rest);
  }

  /// Only an earlier wake-up than the pending one is added to it.
  void wake_at(instant at) {
    if (wake_at_ && *wake_at_ <= at) return;
    wake_at_ = at;
    const auto pause = std::chrono::ceil<milliseconds>(at - shared_.clock.steady());
    delayed_send(this, std::max(pause, milliseconds{1}), look_around{at});
  }

  const node_context& shared_;
  conversation_id id_;

  /// The fold of the log, ahead of it by the entries of `batch_`; absent: to be read.
  std::optional<conversation_state> state_;
  /// Of the log as it is known here; everything up to it was fanned out.
  seq_no committed_head_ = 0;
  bool was_loaded_ = false;
  recent_clients recent_;
  recent_authors authors_;

  std::deque<waiting_append> queue_;
  std::vector<written_append> batch_;
  bool record_changed_ = false;
  std::set<user_id> changed_members_;

  waiting_requests<move_position> moves_;
  waiting_requests<tell_typing> typings_;
  waiting_requests<begin_focus> focuses_;
  waiting_requests<mute_conversation> mutes_;
  /// Those that the write under way makes durable.
  waiting_requests<mute_conversation> mutes_writing_;
  pull_feed feed_;
  typing_news typing_;
  /// Of a direct conversation: who has blocked the other.
  std::set<user_id> blockers_;
  bool blocks_changed_ = false;
  waiting_requests<settle_positions> settlers_;
  position_keeper positions_;
  instant positions_stored_{};
  receipt_keeper receipts_;

  answer_deadlines writes_{this, shared_.clock, write_timeout};
  /// A read or a write is under way.
  bool busy_ = false;
  bool closing_ = false;
  instant used_;
  std::optional<instant> wake_at_;
  /// When the state is read again even if nobody asks: a write failed that may have been made all the same.
  std::optional<instant> reload_at_;
};

} // namespace

actor_type conversation_type(caf::actor_system& system, const node_context& shared) {
  return {"conversation", [&system, &shared](const std::string& key) -> caf::actor {
            const auto id = parse_uuid(key);
            if (!id) return {};
            return system.spawn<conversation_actor>(shared, conversation_id{*id});
          }};
}

} // namespace parley::actors

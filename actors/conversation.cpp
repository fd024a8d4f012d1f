#include "actors/conversation.hpp"

#include <algorithm>
#include <deque>
#include <set>

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "actors/failure.hpp"
#include "actors/position_keeper.hpp"
#include "actors/receipt_keeper.hpp"
#include "actors/system.hpp"

namespace parley::actors {

namespace {

using std::chrono::milliseconds;

/// Entries in one write.
constexpr std::size_t batch_max = 256;
/// Positions are stored within a second; this leaves room for the write.
constexpr milliseconds positions_rest{500};
/// Receipts go to the authors of what was covered in groups up to this size.
constexpr std::size_t receipts_members_max = 100;
/// Authors of recent entries kept for receipts.
constexpr std::size_t authors_kept = 512;
/// Longer than any commit; if it takes longer still, the state is read again and the log's key decides.
constexpr milliseconds write_timeout{30'000};
constexpr milliseconds overload_pause{200};
/// Between attempts to find out what became of a write; everybody hears of an entry within 10 s.
constexpr milliseconds reload_pause{3'000};

/// A request and what is known about it so far.
struct waiting_append {
  append_entry order;
  caf::typed_response_promise<entry_appended> answer;
  instant arrived;
  looked_up facts;
};

/// An entry under way to the log and whoever waits for it.
struct written_append {
  waiting_append request;
  entry item;
  /// The members when it was decided on.
  std::shared_ptr<const std::vector<user_id>> audience;
};

/// What the log has, and what of it was not fanned out yet.
struct loaded_log {
  std::optional<conversation_snapshot> snapshot;
  std::vector<entry> missed;
};

class conversation_actor final : public caf::event_based_actor {
public:
  conversation_actor(caf::actor_config& config, const node_context& shared, conversation_id id)
      : caf::event_based_actor{config}, shared_{shared}, id_{id}, used_{shared.clock.steady()} {}

  caf::behavior make_behavior() override {
    guard_against_defects(this, "conversation");
    delayed_send(this, shared_.config.actors.idle, rest_check{});
    return {
        [this](append_entry& order) { return admit(order); },
        [this](const move_position& move) { return admit(move); },
        [this](const settle_positions&) { return settle(); },
        [this](const look_around& reminder) {
          if (wake_at_ == reminder.due) wake_at_.reset();
          work();
        },
        [this](const rest_check&) {
          delayed_send(this, shared_.config.actors.idle, rest_check{});
          work();
        },
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

  caf::result<completed> admit(const move_position& move) {
    used_ = shared_.clock.steady();
    auto answer = make_response_promise<completed>();
    moves_.push_back({move, answer});
    work();
    return answer;
  }

  caf::result<completed> settle() {
    auto answer = make_response_promise<completed>();
    settlers_.push_back(answer);
    work();
    return answer;
  }

  // The cycle. ------------------------------------------------------------------------------------------------------

  /// Does whatever can be done now; called after every change.
  void work() {
    if (busy_) return;
    if (state_) {
      apply_moves();
      push_receipts();
      decide_queue();
      if (busy_) return;
    } else if (!queue_.empty() || !moves_.empty() || reload_is_due() ||
               (!receipts_.is_empty() && positions_.is_clean())) {
      return load();
    }
    // Positions can be stored without knowing the state.
    if (!batch_.empty() || positions_are_due()) return write();
    if (positions_.is_clean()) answer_settlers();
    rest();
  }

  void load() {
    busy_ = true;
    // What others wrote since, or a write of ours whose outcome was not known, has not been fanned out here.
    const auto fanned_out = was_loaded_ ? std::optional{committed_head_} : std::nullopt;
    shared_.readers.run(
        this, shared_.config.limits.request_age,
        [id = id_, fanned_out](const stores& s) -> result<loaded_log> {
          auto snapshot = s.log->load(id);
          if (!snapshot) return fail(snapshot.error());
          loaded_log loaded{std::move(*snapshot), {}};
          if (!fanned_out || !loaded.snapshot || loaded.snapshot->head <= *fanned_out) return loaded;
          auto missed = s.log->read(
              id, {.after = *fanned_out, .before = loaded.snapshot->head + 1, .limit = batch_max, .newest = true});
          if (!missed) return fail(missed.error());
          loaded.missed = std::move(*missed);
          return loaded;
        },
        [this](result<loaded_log> loaded) {
          busy_ = false;
          if (reload_at_) reload_at_ = shared_.clock.steady() + reload_pause;
          if (!loaded) return refuse_all(loaded.error());
          reload_at_.reset();
          auto& snapshot = loaded->snapshot;
          state_ = snapshot ? conversation_state{std::move(*snapshot)} : conversation_state{id_};
          // The log does not have them yet, but others have been told.
          for (const auto& position : positions_.waiting()) state_->raise(position);
          committed_head_ = state_->head();
          was_loaded_ = true;
          authors_.clear();
          for (const auto& item : loaded->missed) {
            remember(item);
            shared_.deliveries.push(audience_at(item.seq), make_live(item));
          }
          work();
        });
  }

  bool reload_is_due() const { return reload_at_ && shared_.clock.steady() >= *reload_at_; }

  /// Who was a member at `seq`.
  std::vector<user_id> audience_at(seq_no seq) const {
    std::vector<user_id> users;
    for (const auto& one : state_->members())
      if (one.joined <= seq && (one.active() || one.left >= seq)) users.push_back(one.user);
    return users;
  }

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
      if (state_->head() == 0) {
        // Whoever asked for it in vain before has left no trace.
        state_ = conversation_state{id_};
        if (next.order.direct_peer) state_->become_direct(request.author, *next.order.direct_peer, shared_.clock.now());
      }

      auto decision = decide(*state_, recent_, request, next.facts, shared_.clock.now(), shared_.config.limits.members);
      if (auto* fresh = std::get_if<entry>(&decision)) {
        if (fresh->client) clients.insert(*fresh->client);
        take_into_batch(*fresh);
      } else if (const auto* earlier = std::get_if<already_written>(&decision)) {
        next.answer.deliver(entry_appended{earlier->first.seq, earlier->first.at, true});
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
    const auto before = state_->audience();
    const auto change = state_->apply(fresh);
    if (!change) return answer_front(change.error());
    if (change->record) record_changed_ = true;
    for (const auto& user : change->members) changed_members_.insert(user);
    // Whom the entry removes is told so; whom it adds begins with it.
    auto audience = state_->audience();
    if (before != audience) {
      std::set<user_id> both{before->begin(), before->end()};
      both.insert(audience->begin(), audience->end());
      audience = std::make_shared<const std::vector<user_id>>(both.begin(), both.end());
    }
    batch_.push_back({std::move(queue_.front()), std::move(fresh), std::move(audience)});
    queue_.pop_front();
  }

  void answer_front(const error& why) {
    queue_.front().answer.deliver(to_caf(why));
    queue_.pop_front();
  }

  void look_up(const needs_lookup& question) {
    busy_ = true;
    const auto& request = queue_.front().order.request;
    const auto* message = std::get_if<message_content>(&request.content);
    shared_.readers.run(
        this, shared_.config.limits.request_age,
        [id = id_, question, author = request.author, client = request.client, users = request.must_exist,
         reply_to = message ? message->reply_to : 0](const stores& s) -> result<looked_up> {
          looked_up facts;
          if (question.client && client) {
            const auto first = s.log->find(id, author, *client);
            if (!first) return fail(first.error());
            facts.client = *first ? std::optional{written{(*first)->seq, (*first)->at, (*first)->print}} : std::nullopt;
          }
          if (question.reply_to) {
            const auto found = s.log->read(id, {.after = reply_to - 1, .before = reply_to + 1, .limit = 1});
            if (!found) return fail(found.error());
            facts.reply_to_message = !found->empty() && found->front().kind == entry_kind::message;
          }
          if (question.users) {
            auto missing = s.accounts->missing(users);
            if (!missing) return fail(missing.error());
            facts.missing_users = std::move(*missing);
          }
          return facts;
        },
        [this](result<looked_up> facts) {
          busy_ = false;
          if (!facts) {
            answer_front(facts.error());
          } else {
            auto& known = queue_.front().facts;
            if (facts->client) known.client = facts->client;
            if (facts->reply_to_message) known.reply_to_message = facts->reply_to_message;
            if (facts->missing_users) known.missing_users = std::move(facts->missing_users);
          }
          work();
        });
  }

  // Writing. --------------------------------------------------------------------------------------------------------

  void write() {
    conversation_write what;
    what.conversation = id_;
    for (const auto& one : batch_) what.entries.push_back(one.item);
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
    request(lane.actor(), write_timeout, write_log{std::move(what)})
        .then([this](const write_outcome& outcome) { on_written(outcome); },
              [this](const caf::error& why) { on_write_failed(from_caf(why)); });
  }

  void on_written(const write_outcome& outcome) {
    busy_ = false;
    if (std::holds_alternative<committed>(outcome)) {
      if (positions_.is_writing())
        for (const auto& user : positions_.stored()) shared_.unsettled.clear(user, id_);
      for (auto& one : std::exchange(batch_, {})) deliver(one);
      if (positions_.is_clean()) answer_settlers();
    } else {
      if (const auto* repetition = std::get_if<repeated>(&outcome)) {
        // Memory did not know this client id; the log did.
        auto& one = batch_.at(repetition->index);
        one.request.facts.client = written{repetition->first.seq, repetition->first.at, repetition->first.print};
      }
      // Nothing was written. The state has run ahead of the log: read it again and decide again, in the same order.
      for (auto one = batch_.rbegin(); one != batch_.rend(); ++one) queue_.push_front(std::move(one->request));
      forget_state();
    }
    work();
  }

  void on_write_failed(const error& why) {
    busy_ = false;
    // It may have been written after all: the log is asked before anything else is decided, and soon in any case.
    if (!batch_.empty()) reload_at_ = shared_.clock.steady();
    for (auto& one : std::exchange(batch_, {})) one.request.answer.deliver(to_caf(why));
    forget_state();
    fail_settlers(why);
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
    // The author has what it wrote; stored with the other positions.
    note_position({item.author, item.seq, item.seq, item.seq});

    one.request.answer.deliver(entry_appended{item.seq, item.at, false});
    auto origin = std::move(one.request.order.origin);
    if (origin) {
      origin->ack.conversation = id_;
      origin->ack.seq = item.seq;
      origin->ack.at = item.at;
    }
    shared_.deliveries.push(*one.audience, make_live(item, std::move(origin)));
  }

  void remember(const entry& item) {
    authors_.push_back({item.seq, item.author});
    if (authors_.size() > authors_kept) authors_.pop_front();
    if (item.client) recent_.remember(item.author, *item.client, {item.seq, item.at, item.print});
  }

  // Positions. ------------------------------------------------------------------------------------------------------

  void note_position(const position_update& to) {
    positions_.raise(to);
    shared_.unsettled.mark(to.user, id_);
  }

  void apply_moves() {
    for (auto& [move, answer] : std::exchange(moves_, {})) {
      if (auto why = apply(move))
        answer.deliver(to_caf(*why));
      else
        answer.deliver(completed{});
    }
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

  void answer_settlers() {
    for (auto& answer : std::exchange(settlers_, {})) answer.deliver(completed{});
  }

  void fail_settlers(const error& why) {
    for (auto& answer : std::exchange(settlers_, {})) answer.deliver(to_caf(why));
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
    if (authors_.empty() || authors_.front().first > owed.from + 1) return push_receipt_by_log(owed, frame);
    std::set<user_id> authors;
    for (const auto& [seq, author] : authors_)
      if (seq > owed.from && seq <= owed.to) authors.insert(author);
    push_to_authors(authors, owed.user, frame);
  }

  /// The authors are no longer known here: the log names them.
  void push_receipt_by_log(const owed_receipt& owed, std::shared_ptr<const std::string> frame) {
    shared_.readers.run(
        this, shared_.config.limits.request_age,
        [id = id_, owed](const stores& s) {
          return s.log->read(id, {.after = owed.from, .before = owed.to + 1, .limit = authors_kept, .newest = true});
        },
        [this, reader = owed.user, frame = std::move(frame)](const result<std::vector<entry>>& items) {
          if (!items) return;
          std::set<user_id> authors;
          for (const auto& item : *items) authors.insert(item.author);
          push_to_authors(authors, reader, frame);
        });
  }

  void push_to_authors(const std::set<user_id>& authors, const user_id& reader,
                       const std::shared_ptr<const std::string>& frame) {
    for (const auto& author : authors)
      if (author != reader) shared_.deliveries.event(author, frame);
  }

  // Rest and end. ---------------------------------------------------------------------------------------------------

  void refuse_all(const error& why) {
    for (auto& one : std::exchange(queue_, {})) one.answer.deliver(to_caf(why));
    for (auto& [_, answer] : std::exchange(moves_, {})) answer.deliver(to_caf(why));
    fail_settlers(why);
    rest();
  }

  /// Nothing can be done now: sees to it that it is woken when there is, or ends.
  void rest() {
    const auto now = shared_.clock.steady();
    const auto is_idle = now - used_ >= shared_.config.actors.idle;
    const auto has_nothing = queue_.empty() && moves_.empty() && settlers_.empty() && positions_.is_clean();
    if (has_nothing && (closing_ || (is_idle && !reload_at_ && (receipts_.is_empty() || !state_)))) {
      if (shared_.actors.passivate(address_of(id_), this)) return quit();
    }
    // Without the state receipts wait until it is read again.
    if (const auto due = receipts_.next_due(); due && state_)
      wake_in(std::max(milliseconds{1}, std::chrono::ceil<milliseconds>(*due - now)));
    if (reload_at_) wake_in(std::max(milliseconds{1}, std::chrono::ceil<milliseconds>(*reload_at_ - now)));
    if (!positions_.is_clean())
      wake_in(std::max(milliseconds{1}, std::chrono::ceil<milliseconds>(positions_stored_ + positions_rest - now)));
  }

  /// Only an earlier wake-up than the pending one is added to it.
  void wake_in(milliseconds pause) {
    const auto at = shared_.clock.steady() + pause;
    if (wake_at_ && *wake_at_ <= at) return;
    wake_at_ = at;
    delayed_send(this, pause, look_around{at});
  }

  const node_context& shared_;
  conversation_id id_;

  /// The fold of the log, ahead of it by the entries of `batch_`; absent: to be read.
  std::optional<conversation_state> state_;
  /// Of the log as it is known here; everything up to it was fanned out.
  seq_no committed_head_ = 0;
  bool was_loaded_ = false;
  recent_clients recent_;
  /// (seq, author) of the newest entries.
  std::deque<std::pair<seq_no, user_id>> authors_;

  std::deque<waiting_append> queue_;
  std::vector<written_append> batch_;
  bool record_changed_ = false;
  std::set<user_id> changed_members_;

  std::vector<std::pair<move_position, caf::typed_response_promise<completed>>> moves_;
  std::vector<caf::typed_response_promise<completed>> settlers_;
  position_keeper positions_;
  instant positions_stored_{};
  receipt_keeper receipts_;

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

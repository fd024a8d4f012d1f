#include "cluster/remote_actors.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "actors/failure.hpp"
#include "actors/system.hpp"
#include "cluster/wire/envelope.hpp"

namespace parley::cluster {

namespace {

/// Nodes that pass a message on before one of them does what it asks for, whoever owns the actor: their views differ.
constexpr std::uint32_t hops_max = 3;
constexpr std::chrono::milliseconds look_every{1'000};

} // namespace

/// To the actor that stands for a node: it sent this.
struct envelopes_came {
  std::vector<std::string> envelopes;
};

/// To the same: a message of another node for an actor of this one's, passed on.
struct passed_on {
  actors::outgoing what;
  std::uint32_t hops = 0;
};

/// To the same: its link has ended.
struct link_lost {};

} // namespace parley::cluster

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(parley::cluster::envelopes_came)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(parley::cluster::passed_on)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(parley::cluster::link_lost)

namespace parley::cluster {

namespace {

class stand_in_actor final : public caf::event_based_actor {
public:
  stand_in_actor(caf::actor_config& config, node_id node, const parley::clock& time, actors::directory& here,
                 const remote_ways& ways, const remote_options& options)
      : caf::event_based_actor{config},
        node_{std::move(node)},
        time_{time},
        here_{here},
        ways_{ways},
        options_{options} {}

  caf::behavior make_behavior() override {
    actors::guard_against_defects(this, "a node's stand-in");
    return {
        [this](actors::outgoing& what) { return send(std::move(what), 0); },
        [this](passed_on& message) { return send(std::move(message.what), message.hops); },
        [this](envelopes_came& came) {
          for (const auto& bytes : came.envelopes) take(bytes);
        },
        [this](const link_lost&) {
          fail_all({errc::unavailable, fmt::format("the link to {} was lost", node_.value), {}, {}});
        },
        [this](const actors::look_at_deadlines&) { expire(); },
    };
  }

private:
  struct open_request {
    caf::response_promise answer;
    wire::message_kind kind{};
    instant due;
  };

  // Out. --------------------------------------------------------------------------------------------------------------

  caf::result<caf::message> send(actors::outgoing what, std::uint32_t hops) {
    const auto is_request = current_message_id().is_request();
    auto bytes = wire::encode(what.what, options_.envelope_bytes_max);
    if (!bytes) return refuse(what.to, bytes.error());
    if (is_request && open_.size() >= options_.open_max)
      return refuse(what.to, {errc::overloaded, fmt::format("node {} answers too slowly", node_.value), {}, {}});
    const auto kind = bytes->kind;
    wire::envelope letter{.to = std::move(what.to),
                          .kind = kind,
                          .view = ways_.view(),
                          .deadline = options_.answer_within,
                          .correlation = is_request ? ++last_ : 0,
                          .hops = hops,
                          .body = std::move(bytes->bytes)};
    const auto to = letter.to;
    if (const auto sent = ways_.send(node_, wire::encode_envelope(std::move(letter))); !sent)
      return refuse(to, sent.error());
    if (!is_request) return caf::message{};
    open_.emplace(last_, open_request{make_response_promise(), kind, time_.steady() + options_.answer_within});
    look_later();
    return caf::delegated<caf::message>{};
  }

  caf::result<caf::message> refuse(const actors::address& to, const error& why) {
    if (!current_message_id().is_request()) {
      spdlog::debug("a message to {} on {} is lost: {}", to_string(to), node_.value, why.detail);
      return caf::message{};
    }
    return actors::to_caf(why);
  }

  // In. ---------------------------------------------------------------------------------------------------------------

  void take(const std::string& bytes) {
    auto letter = wire::decode_envelope(bytes, options_.envelope_bytes_max);
    if (!letter) return complain(letter.error());
    if (letter->is_reply) return take_reply(*letter);
    auto what = wire::decode(letter->kind, letter->body, links(), options_.envelope_bytes_max);
    if (!what) {
      complain(what.error());
      if (letter->correlation != 0) reply(letter->correlation, caf::make_message(what.error()));
      return;
    }
    if (letter->correlation == 0) return tell(*letter, std::move(*what));
    ask(*letter, std::move(*what));
  }

  [[nodiscard]] wire::link_maker links() const {
    return [this](const session_id& session) { return ways_.link_to(node_, session); };
  }

  /// The one that this node takes for the owner; nothing when it is here, or the message has been passed on too often.
  [[nodiscard]] caf::actor next_for(const wire::envelope& letter) const {
    return letter.hops < hops_max ? here_.way_to(letter.to) : caf::actor{};
  }

  void tell(const wire::envelope& letter, caf::message what) {
    if (const auto next = next_for(letter))
      caf::anon_send(next, passed_on{{letter.to, std::move(what)}, letter.hops + 1});
    else
      here_.tell_here(letter.to, std::move(what));
  }

  void ask(const wire::envelope& letter, caf::message what) {
    const auto limit = std::clamp(letter.deadline, std::chrono::milliseconds{1}, options_.answer_within);
    const auto answers = wire::answer_to(letter.kind);
    if (answers == wire::message_kind::entry_appended)
      forward<actors::entry_appended>(letter, limit, std::move(what));
    else
      forward<actors::completed>(letter, limit, std::move(what));
  }

  template <class Answer>
  void forward(const wire::envelope& letter, std::chrono::milliseconds limit, caf::message what) {
    const auto answered = [this, number = letter.correlation](const Answer& answer) {
      reply(number, caf::make_message(answer));
    };
    const auto failed = [this, number = letter.correlation](const caf::error& why) {
      reply(number, caf::make_message(actors::from_caf(why)));
    };
    if (const auto next = next_for(letter))
      request(next, limit, passed_on{{letter.to, std::move(what)}, letter.hops + 1}).then(answered, failed);
    else
      here_.ask_here(this, letter.to, limit, std::move(what)).then(answered, failed);
  }

  void reply(std::uint64_t number, const caf::message& what) {
    auto bytes = wire::encode(what, options_.envelope_bytes_max);
    if (!bytes) return complain(bytes.error());
    const auto sent = ways_.send(node_, wire::encode_envelope({.kind = bytes->kind,
                                                               .view = ways_.view(),
                                                               .correlation = number,
                                                               .is_reply = true,
                                                               .body = std::move(bytes->bytes)}));
    // The other side's time limit ends the request.
    if (!sent) spdlog::debug("an answer to {} is lost: {}", node_.value, sent.error().detail);
  }

  void take_reply(const wire::envelope& letter) {
    const auto found = open_.find(letter.correlation);
    // It came too late.
    if (found == open_.end()) return;
    auto request = std::move(found->second);
    open_.erase(found);
    if (!wire::may_answer(request.kind, letter.kind))
      return request.answer.deliver(
          actors::to_caf({errc::internal,
                          fmt::format("{} was answered by {}", to_string(request.kind), to_string(letter.kind)),
                          {},
                          {}}));
    auto what = wire::decode(letter.kind, letter.body, links(), options_.envelope_bytes_max);
    if (!what)
      request.answer.deliver(actors::to_caf(what.error()));
    else if (what->match_elements<error>())
      request.answer.deliver(actors::to_caf(what->get_as<error>(0)));
    else
      request.answer.deliver(std::move(*what));
  }

  void complain(const error& why) { spdlog::warn("node {} sent what is not understood: {}", node_.value, why.detail); }

  // Time. -------------------------------------------------------------------------------------------------------------

  void look_later() {
    if (!std::exchange(is_reminded_, true))
      delayed_send(this, std::min(look_every, options_.answer_within), actors::look_at_deadlines{});
  }

  void expire() {
    is_reminded_ = false;
    const auto now = time_.steady();
    // Limits are of one length, so the oldest is the first to be due.
    while (!open_.empty() && open_.begin()->second.due <= now)
      open_.extract(open_.begin())
          .mapped()
          .answer.deliver(actors::to_caf({errc::timeout, fmt::format("node {} did not answer", node_.value), {}, {}}));
    if (!open_.empty()) look_later();
  }

  void fail_all(const error& why) {
    for (auto& [_, request] : std::exchange(open_, {})) request.answer.deliver(actors::to_caf(why));
  }

  const node_id node_;
  const parley::clock& time_;
  actors::directory& here_;
  const remote_ways& ways_;
  const remote_options& options_;
  std::map<std::uint64_t, open_request> open_;
  std::uint64_t last_ = 0;
  bool is_reminded_ = false;
};

} // namespace

remote_actors::remote_actors(caf::actor_system& system, const clock& time, actors::directory& here, remote_ways ways,
                             remote_options options)
    : system_{system}, time_{time}, here_{here}, ways_{std::move(ways)}, options_{options} {}

caf::actor remote_actors::stand_in(const node_id& node) {
  const std::lock_guard guard{lock_};
  if (is_stopped_) return {};
  auto& found = stand_ins_[node];
  if (!found) found = system_.spawn<stand_in_actor>(node, time_, here_, ways_, options_);
  return found;
}

caf::actor remote_actors::way_to(const actors::address& where) {
  const auto owner = ways_.owner_of(where);
  return owner ? stand_in(*owner) : caf::actor{};
}

void remote_actors::received(const node_id& from, std::vector<std::string> envelopes) {
  if (const auto actor = stand_in(from)) caf::anon_send(actor, envelopes_came{std::move(envelopes)});
}

void remote_actors::lost(const node_id& node) {
  if (const auto actor = stand_in(node)) caf::anon_send(actor, link_lost{});
}

void remote_actors::stop() {
  const std::lock_guard guard{lock_};
  is_stopped_ = true;
  for (auto& [_, actor] : stand_ins_) caf::anon_send_exit(actor, caf::exit_reason::user_shutdown);
  stand_ins_.clear();
}

} // namespace parley::cluster

#include <algorithm>
#include <optional>

#include <fmt/format.h>
#include <unistd.h>

#include <parley/json_text.hpp>

#include "tools/parleyload/crowd.hpp"
#include "tools/parleyload/interrupt.hpp"
#include "tools/parleyload/modes.hpp"
#include "tools/parleyload/payload.hpp"

namespace parley::load {

namespace {

constexpr std::uint32_t under_way_max = 256, users_per_request = 500;
constexpr std::chrono::seconds setup_limit{60}, drain_limit{20};
/// A text is read whole by one member in so many: reading all of them would cost more than delivering them.
constexpr std::uint32_t looked_at = 16;

instant now_steady() { return std::chrono::steady_clock::now(); }

/// Makes the group, sends, and watches what each member is told of it.
class group_run final : public crowd_listener {
public:
  group_run(const group_options& options, const server_watch& servers)
      : options_{options},
        servers_{servers},
        everybody_{options, servers, {.members = options.members}, this},
        texts_{everybody_.name().text(), options.text_bytes},
        next_seq_(options.members, 0),
        unconfirmed_(options.members, 0) {}

  result<mode_report> run() {
    if (const auto room = everybody_.prepare(); !room) return fail(room.error());
    const auto arrived = everybody_.connect(options_.connections_per_second, under_way_max);
    if (arrived.ready < options_.members) return fail(errc::unavailable, first_failure("interrupted"));
    if (const auto made = make_group(); !made) return fail(made.error());
    send();
    drain();
    auto report = tell();
    everybody_.close_all();
    return report;
  }

  void on_frame(std::uint32_t who, const scanned_frame& frame) override {
    if (frame.type == "message") return on_message(who, frame);
    if (frame.type == "ack" || frame.type == "conversation") return on_reply(frame);
    if (frame.type == "error") ++troubles_[fmt::format("error {}: {}", frame.code, frame.message)];
    if (frame.type == "lag" || frame.type == "gap") ++troubles_[fmt::format("the server sent {}", frame.type)];
    if (frame.type == "hint") ++troubles_["the group is in pull mode: raise the server's groups.push_limit"];
  }

private:
  struct message {
    instant born;
    std::uint32_t missing; // members that do not have it yet
  };

  [[nodiscard]] std::string first_failure(const char* otherwise) const {
    if (!troubles_.empty()) return troubles_.begin()->first;
    return everybody_.failures().empty() ? otherwise : everybody_.failures().begin()->first;
  }

  // Setting up -------------------------------------------------------------------------------------------------------

  result<void> make_group() {
    for (std::uint32_t first = 1; first < options_.members || conversation_.empty(); first += users_per_request) {
      auto frame = conversation_.empty()
                       ? std::string{R"({"type":"create","ref":"setup","title":"load","mode":"push","members":[)"}
                       : fmt::format(R"({{"type":"add","ref":"setup","conversation":"{}","users":[)", conversation_);
      const auto end = std::min(first + users_per_request, options_.members);
      for (auto who = first; who < end; ++who)
        frame.append(who == first ? "\"" : ",\"").append(everybody_.user(who).value).append("\"");
      everybody_.send(0, frame += "]}");
      if (!wait_for_setup()) return fail(errc::unavailable, first_failure("the group was not made in time"));
    }
    // The entries of the members have to be through before anything is measured.
    const auto pause = now_steady() + std::chrono::seconds{1};
    while (now_steady() < pause) everybody_.turn(pause);
    if (!troubles_.empty()) return fail(errc::unavailable, first_failure(""));
    std::fill(next_seq_.begin(), next_seq_.end(), head_ + 1);
    return {};
  }

  bool wait_for_setup() {
    const auto end = now_steady() + setup_limit;
    for (answered_ = false; !answered_ && troubles_.empty() && now_steady() < end && !was_interrupted();)
      everybody_.turn(end);
    return answered_;
  }

  void on_reply(const scanned_frame& frame) {
    if (frame.ref != "setup") {
      ++acked_;
      return;
    }
    answered_ = true;
    if (conversation_.empty()) conversation_ = frame.conversation;
    head_ = std::max<seq_no>({head_, frame.seq, 1});
  }

  // Sending ----------------------------------------------------------------------------------------------------------

  void send() {
    const auto server_before = servers_.usage();
    const auto own_before = usage_of(::getpid());
    begin_ = now_steady();
    const auto end = begin_ + std::chrono::duration_cast<instant::duration>(options_.duration);
    sending_ = true;
    if (options_.rate <= 0)
      for (std::uint32_t i = 0; i < options_.window * options_.senders; ++i) write(i % options_.senders, begin_);
    for (auto now = begin_; now < end && !was_interrupted(); now = now_steady()) {
      while (options_.rate > 0 && due(sent()) <= now) write(sent() % options_.senders, due(sent()));
      everybody_.turn(options_.rate > 0 ? std::min(end, std::max(due(sent()), now)) : end);
    }
    sending_ = false;
    seconds_ = std::chrono::duration<double>{now_steady() - begin_}.count();
    delivered_while_sending_ = delivered_;
    completed_while_sending_ = completed_;
    const auto server_after = servers_.usage();
    const auto own_after = usage_of(::getpid());
    if (server_before && server_after) server_cpu_ = server_after->cpu - server_before->cpu;
    if (own_before && own_after) own_cpu_ = own_after->cpu - own_before->cpu;
  }

  [[nodiscard]] std::uint64_t sent() const { return messages_.size(); }
  [[nodiscard]] instant due(std::uint64_t number) const {
    return begin_ + std::chrono::duration_cast<instant::duration>(
                        std::chrono::duration<double>{static_cast<double>(number) / options_.rate});
  }

  void write(std::uint64_t sender, instant born) {
    const auto number = sent();
    messages_.push_back({born, options_.members});
    frame_ = R"({"type":"send","ref":"m","conversation":")";
    frame_.append(conversation_).append(R"(","clientId":")");
    const payload_id id{static_cast<std::uint32_t>(sender), number};
    everybody_.name().append_client_id(frame_, id);
    frame_ += R"(","text":")";
    texts_.append(frame_, id);
    everybody_.send(static_cast<std::uint32_t>(sender), frame_ += R"("})");
  }

  void drain() {
    const auto end = now_steady() + drain_limit;
    const auto is_over = [this] { return completed_ == sent() && acked_ >= sent(); };
    while (now_steady() < end && !is_over() && troubles_.empty() && everybody_.failures().empty()) everybody_.turn(end);
  }

  // Receiving --------------------------------------------------------------------------------------------------------

  void on_message(std::uint32_t who, const scanned_frame& frame) {
    const auto now = now_steady();
    auto& next = next_seq_[who];
    if (frame.seq < next || frame.conversation != conversation_) {
      ++duplicates_;
      return;
    }
    holes_ += frame.seq - next;
    next = frame.seq + 1;
    confirm(who, frame.seq);
    const auto number = number_of(who, frame);
    if (!number || *number >= sent() || messages_[*number].missing == 0) {
      ++wrong_;
      return;
    }
    auto& found = messages_[*number];
    ++delivered_;
    latency_.record(now - found.born);
    if (--found.missing > 0) return;
    ++completed_;
    last_member_.record(now - found.born);
    if (sending_ && options_.rate <= 0) write(*number % options_.senders, now);
  }

  /// Which message it is. Its text is `<run> <sender> <number> ...`.
  [[nodiscard]] std::optional<std::uint64_t> number_of(std::uint32_t who, const scanned_frame& frame) const {
    if ((who + frame.seq) % looked_at == 0) {
      const auto id = texts_.read(frame.text);
      return id ? std::optional{id->number} : std::nullopt;
    }
    auto rest = frame.text;
    for (int words = 0; words < 2; ++words) rest.remove_prefix(std::min(rest.size(), rest.find(' ') + 1));
    std::uint64_t number = 0;
    std::size_t digits = 0;
    for (; digits < rest.size() && rest[digits] >= '0' && rest[digits] <= '9'; ++digits)
      number = number * 10 + static_cast<std::uint64_t>(rest[digits] - '0');
    return digits > 0 ? std::optional{number} : std::nullopt;
  }

  void confirm(std::uint32_t who, seq_no seq) {
    if (options_.confirm_every == 0 || ++unconfirmed_[who] < options_.confirm_every) return;
    unconfirmed_[who] = 0;
    frame_ = R"({"type":"received","conversation":")";
    frame_.append(conversation_).append(R"(","seq":)");
    append_number(frame_, seq);
    everybody_.send(who, frame_ += '}');
  }

  // The end ----------------------------------------------------------------------------------------------------------

  mode_report tell() {
    std::uint64_t missing = 0;
    for (const auto& each : messages_) missing += each.missing;
    const auto deliveries = static_cast<double>(delivered_while_sending_);
    mode_report report{figures{"group"}};
    report.found.add("members", "members", options_.members)
        .add("seconds", "seconds", seconds_)
        .add("messagesPerSecond", "messages a second", static_cast<double>(completed_while_sending_) / seconds_)
        .add("deliveriesPerSecond", "deliveries a second", deliveries / seconds_)
        .add("receivedUs", "send to received", latency_)
        .add("lastMemberUs", "send to the last member", last_member_);
    if (server_cpu_ && deliveries > 0)
      report.found
          .add("serverUsPerDelivery", "server's processor time a delivery, us",
               static_cast<double>(server_cpu_->count()) / deliveries)
          .add("serverCores", "server's cores", static_cast<double>(server_cpu_->count()) / 1e6 / seconds_);
    if (own_cpu_)
      report.found.add("ownCores", "this program's cores", static_cast<double>(own_cpu_->count()) / 1e6 / seconds_);
    report.found.add("sent", "messages sent", static_cast<double>(sent()))
        .add("acked", "acknowledged", static_cast<double>(acked_))
        .add("lost", "deliveries lost", static_cast<double>(missing))
        .add("duplicates", "doubles", static_cast<double>(duplicates_))
        .add("holes", "holes", static_cast<double>(holes_))
        .add("wrong", "wrong", static_cast<double>(wrong_))
        .add("troubles", "trouble", troubles_)
        .add("failures", "failed", everybody_.failures());
    report.ok = missing == 0 && duplicates_ == 0 && holes_ == 0 && wrong_ == 0 && acked_ == sent() && sent() > 0 &&
                troubles_.empty() && everybody_.failures().empty();
    return report;
  }

  const group_options& options_;
  const server_watch& servers_;
  crowd everybody_;
  payloads texts_;
  std::string conversation_, frame_;
  seq_no head_ = 0;
  bool answered_ = false, sending_ = false;
  std::vector<seq_no> next_seq_;
  std::vector<std::uint32_t> unconfirmed_;
  std::vector<message> messages_;
  instant begin_{};
  double seconds_ = 0;
  std::uint64_t acked_ = 0, delivered_ = 0, completed_ = 0;
  std::uint64_t delivered_while_sending_ = 0, completed_while_sending_ = 0;
  std::uint64_t duplicates_ = 0, holes_ = 0, wrong_ = 0;
  std::optional<std::chrono::microseconds> server_cpu_, own_cpu_;
  histogram latency_, last_member_;
  std::map<std::string, std::uint64_t, std::less<>> troubles_;
};

} // namespace

result<mode_report> run(const group_options& options) {
  if (options.senders > options.members) return fail(errc::invalid_argument, "--senders are members: not more of them");
  const auto servers = server_watch::find(options);
  if (!servers) return fail(servers.error());
  return group_run{options, *servers}.run();
}

} // namespace parley::load

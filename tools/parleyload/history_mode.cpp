#include <algorithm>
#include <random>

#include <fmt/format.h>

#include "tools/parleyload/crowd.hpp"
#include "tools/parleyload/history_page.hpp"
#include "tools/parleyload/interrupt.hpp"
#include "tools/parleyload/modes.hpp"
#include "tools/parleyload/payload.hpp"

namespace parley::load {

namespace {

constexpr std::uint32_t under_way_max = 256, fill_window = 16;
constexpr std::chrono::seconds fill_limit{600}, answer_limit{10};
constexpr std::size_t text_bytes = 100;

instant now_steady() { return std::chrono::steady_clock::now(); }

/// Each connection makes groups of its own with nobody else in them, fills them, and then asks for one of them after
/// the other, at random.
class history_run final : public crowd_listener {
public:
  history_run(const history_options& options, const server_watch& servers)
      : options_{options},
        servers_{servers},
        everybody_{options, servers, {.members = std::min(options.connections, options.conversations)}, this},
        texts_{everybody_.name().text(), text_bytes},
        readers_(everybody_.size()) {
    for (std::uint32_t i = 0; i < options.conversations; ++i) ++readers_[i % everybody_.size()].wanted;
  }

  result<mode_report> run() {
    if (const auto room = everybody_.prepare(); !room) return fail(room.error());
    const auto arrived = everybody_.connect(options_.connections_per_second, under_way_max);
    if (arrived.ready < everybody_.size()) return fail(errc::unavailable, first_failure());
    if (!fill()) return fail(errc::unavailable, first_failure());
    ask_for_a_while();
    auto report = tell();
    everybody_.close_all();
    return report;
  }

  void on_frame(std::uint32_t who, const scanned_frame& frame) override {
    if (frame.type == "history") return on_page(who, frame);
    if (frame.type == "error") ++troubles_[fmt::format("error {}: {}", frame.code, frame.message)];
    if (frame.ref.empty()) return;
    if (frame.type == "conversation") {
      readers_[who].conversations.emplace_back(frame.conversation);
      fill_on(who);
    } else if (frame.type == "ack") {
      ++readers_[who].acked;
      fill_on(who);
    }
  }

private:
  struct reader {
    std::uint32_t wanted = 0;
    std::vector<std::string> conversations;
    std::uint32_t sent = 0, acked = 0; // in the last of them
    std::size_t asked = 0;             // which one is on its way
    instant asked_at{};
    bool waits = false;
  };

  [[nodiscard]] std::string first_failure() const {
    if (!troubles_.empty()) return troubles_.begin()->first;
    return everybody_.failures().empty() ? "not ready in time" : everybody_.failures().begin()->first;
  }
  [[nodiscard]] bool is_well() const {
    return troubles_.empty() && everybody_.failures().empty() && !was_interrupted();
  }

  // Filling ----------------------------------------------------------------------------------------------------------

  bool fill() {
    const auto begin = now_steady();
    for (std::uint32_t who = 0; who < readers_.size(); ++who) create(who);
    const auto is_full = [this](const reader& each) {
      return each.conversations.size() == each.wanted && each.acked == options_.messages;
    };
    const auto all_full = [&] { return std::all_of(readers_.begin(), readers_.end(), is_full); };
    while (!all_full() && is_well() && now_steady() < begin + fill_limit)
      everybody_.turn(now_steady() + std::chrono::milliseconds{100});
    fill_seconds_ = std::chrono::duration<double>{now_steady() - begin}.count();
    return all_full();
  }

  void create(std::uint32_t who) {
    readers_[who].sent = readers_[who].acked = 0;
    everybody_.send(who, R"({"type":"create","ref":"c","title":"load","members":[]})");
  }

  void fill_on(std::uint32_t who) {
    auto& each = readers_[who];
    if (each.acked == options_.messages && each.conversations.size() < each.wanted) return create(who);
    while (each.sent < options_.messages && each.sent - each.acked < fill_window) {
      frame_ = fmt::format(R"({{"type":"send","ref":"m","conversation":"{}","echo":false,"text":")",
                           each.conversations.back());
      texts_.append(frame_, {who, each.sent++});
      everybody_.send(who, frame_ += R"("})");
    }
  }

  // Asking -----------------------------------------------------------------------------------------------------------

  void ask_for_a_while() {
    const auto before = servers_.usage();
    const auto begin = now_steady();
    const auto end = begin + std::chrono::duration_cast<instant::duration>(options_.duration);
    asks_ = true;
    for (std::uint32_t who = 0; who < readers_.size(); ++who) ask(who);
    while (now_steady() < end && is_well()) everybody_.turn(end);
    asks_ = false;
    seconds_ = std::chrono::duration<double>{now_steady() - begin}.count();
    answered_while_asking_ = answered_;
    const auto after = servers_.usage();
    if (before && after) server_cpu_ = after->cpu - before->cpu;
    const auto waits = [](const reader& each) { return each.waits; };
    const auto last = now_steady() + answer_limit;
    while (is_well() && now_steady() < last && std::any_of(readers_.begin(), readers_.end(), waits))
      everybody_.turn(last);
    unanswered_ = static_cast<std::uint64_t>(std::count_if(readers_.begin(), readers_.end(), waits));
  }

  void ask(std::uint32_t who) {
    auto& each = readers_[who];
    each.asked = random_() % each.conversations.size();
    each.asked_at = now_steady();
    each.waits = true;
    everybody_.send(who, fmt::format(R"({{"type":"history","ref":"h","conversation":"{}","limit":{}}})",
                                     each.conversations[each.asked], options_.limit));
  }

  void on_page(std::uint32_t who, const scanned_frame& frame) {
    auto& each = readers_[who];
    latency_.record(now_steady() - each.asked_at);
    each.waits = false;
    ++answered_;
    // The first entry of a group is the one that makes it.
    const seq_no head = options_.messages + 1;
    const seq_span wanted{head - std::min<seq_no>(head, options_.limit) + 1, head};
    if (frame.conversation != each.conversations[each.asked] || seqs_in(frame.items) != wanted) ++wrong_;
    if (asks_) ask(who);
  }

  // The end ----------------------------------------------------------------------------------------------------------

  mode_report tell() {
    const auto answered = static_cast<double>(answered_while_asking_);
    mode_report report{figures{"history"}};
    report.found.add("conversations", "conversations", options_.conversations)
        .add("messages", "messages in each", options_.messages)
        .add("connections", "connections", everybody_.size())
        .add("fillSeconds", "seconds to fill", fill_seconds_)
        .add("requestsPerSecond", "requests a second", answered / seconds_)
        .add("answerUs", "request to answer", latency_);
    if (server_cpu_ && answered > 0)
      report.found.add("serverUsPerRequest", "server's processor time a request, us",
                       static_cast<double>(server_cpu_->count()) / answered);
    report.found.add("answered", "answered", static_cast<double>(answered_))
        .add("unanswered", "unanswered", static_cast<double>(unanswered_))
        .add("wrong", "wrong pages", static_cast<double>(wrong_))
        .add("troubles", "trouble", troubles_)
        .add("failures", "failed", everybody_.failures());
    report.ok = answered_ > 0 && wrong_ == 0 && unanswered_ == 0 && troubles_.empty() && everybody_.failures().empty();
    return report;
  }

  const history_options& options_;
  const server_watch& servers_;
  crowd everybody_;
  payloads texts_;
  std::vector<reader> readers_;
  std::string frame_;
  std::minstd_rand random_{1};
  bool asks_ = false;
  double fill_seconds_ = 0, seconds_ = 0;
  std::uint64_t answered_ = 0, answered_while_asking_ = 0, unanswered_ = 0, wrong_ = 0;
  std::optional<std::chrono::microseconds> server_cpu_;
  histogram latency_;
  std::map<std::string, std::uint64_t, std::less<>> troubles_;
};

} // namespace

result<mode_report> run(const history_options& options) {
  const auto servers = server_watch::find(options);
  if (!servers) return fail(servers.error());
  return history_run{options, *servers}.run();
}

} // namespace parley::load

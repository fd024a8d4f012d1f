#include <algorithm>
#include <csignal>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>
#include <sys/signalfd.h>

#include "tools/parleyctl/chat_link.hpp"
#include "tools/parleyctl/commands.hpp"
#include "tools/parleyctl/connect_options.hpp"
#include "tools/parleyctl/outcome.hpp"
#include "tools/parleyctl/requests.hpp"
#include "tools/parleyctl/tail_view.hpp"

namespace parley::ctl {

namespace {

constexpr std::size_t lines_max = 200;

struct tail_options {
  connect_options connection;
  std::string of;
  std::size_t lines = 10;
  std::optional<std::size_t> count;
};

// Readable after Ctrl-C or SIGTERM, which from then on end nothing by themselves.
client::descriptor watch_interrupts() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  sigprocmask(SIG_BLOCK, &signals, nullptr);
  return client::descriptor{::signalfd(-1, &signals, SFD_CLOEXEC)};
}

result<chat_session_options> read_session(const tail_options& options, const account& self) {
  const auto of = parse_addressee(options.of, "conversation");
  if (!of) return fail(of.error());
  const auto lines = std::min(options.lines, options.count.value_or(lines_max));
  return chat_session_options{.self = self.user,
                              .peer = of->peer,
                              .conversation = of->conversation,
                              .device = self.device,
                              .history = static_cast<unsigned>(lines),
                              .confirms = false};
}

int run(const tail_options& options) {
  const auto deadline = deadline_of(options.connection);
  const auto self = read_account(options.connection);
  if (!self) return tell(self.error());
  const auto about = read_session(options, *self);
  if (!about) return tell(about.error());
  auto who = self->get_credentials();
  tail_view view{options.connection.json, options.count};
  chat_session session{*about, view};
  chat_link link{self->server, who, session, view};
  if (const auto prepared = link.prepare(); !prepared) return tell(prepared.error());

  const auto interrupts = watch_interrupts();
  auto is_interrupted = false;
  while (view.wants_more() && !is_interrupted) {
    if (std::chrono::steady_clock::now() >= deadline) {
      link.close();
      return tell({.code = errc::timeout, .detail = "timed out"});
    }
    const auto turned = link.turn(deadline, interrupts.number());
    if (!turned) return tell(turned.error());
    is_interrupted = *turned;
  }
  link.close();
  return done;
}

} // namespace

void declare_tail(CLI::App& program, command_list& commands) {
  const auto options = std::make_shared<tail_options>();
  auto* const tail = program.add_subcommand("tail", "Watch a conversation: the end of its log, then what is added");
  tail->add_option("CONVERSATION", options->of, "Id of a conversation, or the other user")->required();
  declare_connection(*tail, options->connection);
  tail->add_option("--lines", options->lines, "Begin with so many entries")
      ->check(CLI::Range(std::size_t{0}, lines_max))
      ->capture_default_str();
  tail->add_option("--count", options->count, "End after so many entries, those of the beginning included");
  tail->footer("Ctrl-C ends. Nothing that is shown counts as read. --json: a line for each entry.");
  commands.push_back({tail, [options] { return run(*options); }});
}

} // namespace parley::ctl

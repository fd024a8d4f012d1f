#include <array>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <unistd.h>

#include "tools/parleyctl/chat_link.hpp"
#include "tools/parleyctl/commands.hpp"
#include "tools/parleyctl/connect_options.hpp"
#include "tools/parleyctl/outcome.hpp"
#include "tools/parleyctl/requests.hpp"
#include "tools/parleyctl/script_view.hpp"
#include "tools/parleyctl/terminal_view.hpp"

namespace parley::ctl {

namespace {

constexpr unsigned history_shown = 20;
constexpr std::chrono::seconds last_acks_limit{5};

struct chat_options {
  connect_options connection;
  /// A user, or the id of a conversation.
  std::string to;
  std::vector<std::string> texts;
  std::size_t listen = 0;
};

instant now_steady() { return std::chrono::steady_clock::now(); }

bool is_script(const chat_options& options) { return !options.texts.empty() || options.listen > 0; }

result<chat_session_options> read_session(const chat_options& options, const account& self) {
  const auto to = parse_addressee(options.to, "to");
  if (!to) return fail(to.error());
  chat_session_options session{
      .self = self.user, .peer = to->peer, .conversation = to->conversation, .device = self.device};
  if (!is_script(options)) session.history = history_shown;
  session.wants_entries = !is_script(options) || options.listen > 0;
  return session;
}

int run_script(const chat_options& options, const account& self, const chat_session_options& about, instant deadline) {
  auto who = self.get_credentials();
  script_view view{options.connection.json, options.listen};
  chat_session session{about, view};
  chat_link link{self.server, who, session, view};
  if (const auto prepared = link.prepare(); !prepared) return tell(prepared.error());

  for (const auto& text : options.texts) session.post(text);
  while (session.unsent() > 0 || view.left() > 0) {
    if (now_steady() >= deadline) {
      link.close();
      return tell({.code = errc::timeout,
                   .detail = fmt::format("timed out, {} messages not acknowledged, {} not heard", session.unsent(),
                                         view.left())});
    }
    if (const auto turned = link.turn(deadline); !turned) return tell(turned.error());
    if (view.refused()) return tell({.code = errc::forbidden, .detail = *view.refused()});
  }
  link.close();
  return done;
}

/// Whole lines from stdin.
class line_reader {
public:
  /// Reads what is there; `line` is told each line. False at the end.
  template <class Told> bool read(Told&& line) {
    std::array<char, 4096> piece{};
    const auto count = ::read(STDIN_FILENO, piece.data(), piece.size());
    if (count < 0) return true;
    begun_.append(piece.data(), static_cast<std::size_t>(count));
    for (auto end = begun_.find('\n'); end != std::string::npos; end = begun_.find('\n')) {
      line(begun_.substr(0, end));
      begun_.erase(0, end + 1);
    }
    if (count > 0) return true;
    if (!begun_.empty()) line(begun_);
    return false;
  }

private:
  std::string begun_;
};

int run_conversation(const account& self, const chat_session_options& about, instant deadline) {
  auto who = self.get_credentials();
  terminal_view view{self.user.value, ::isatty(STDIN_FILENO) != 0 && ::isatty(STDOUT_FILENO) != 0};
  chat_session session{about, view};
  chat_link link{self.server, who, session, view};
  if (const auto prepared = link.prepare(); !prepared) return tell(prepared.error());
  view.show_prompt();

  line_reader lines;
  auto is_typing = true;
  const auto take_line = [&](const std::string& line) {
    if (line == "/quit") is_typing = false;
    if (!is_typing) return;
    view.line_entered(line);
    if (!line.empty()) session.post(line);
  };
  while (is_typing && now_steady() < deadline) {
    const auto has_input = link.turn(deadline, STDIN_FILENO);
    if (!has_input) {
      view.end_prompt();
      return tell(has_input.error());
    }
    if (*has_input && !lines.read(take_line)) is_typing = false;
  }
  view.end_prompt();
  const auto last = std::min(deadline, now_steady() + last_acks_limit);
  while (session.unsent() > 0 && now_steady() < last) {
    if (const auto turned = link.turn(last); !turned) return tell(turned.error());
  }
  link.close();
  if (session.unsent() > 0)
    return tell({.code = errc::unavailable, .detail = fmt::format("{} messages were not sent", session.unsent())});
  return is_typing ? timed_out : done;
}

int run(const chat_options& options) {
  const auto deadline = deadline_of(options.connection);
  const auto self = read_account(options.connection);
  if (!self) return tell(self.error());
  const auto session = read_session(options, *self);
  if (!session) return tell(session.error());
  return is_script(options) ? run_script(options, *self, *session, deadline)
                            : run_conversation(*self, *session, deadline);
}

} // namespace

void declare_chat(CLI::App& program, command_list& commands) {
  const auto options = std::make_shared<chat_options>();
  auto* const chat = program.add_subcommand("chat", "Chat with a user, or send and hear messages in a script");
  declare_connection(*chat, options->connection);
  chat->add_option("--to", options->to, "The other user, or the id of a conversation")->required();
  chat->add_option("--send", options->texts, "Send this and print its id; repeatable")->allow_extra_args(false);
  chat->add_option("--listen", options->listen, "Print so many messages of others, then end");
  chat->footer("While chatting, Ctrl-D or /quit ends. --json goes with --send and --listen: a line for each message.");
  commands.push_back({chat, [options] { return run(*options); }});
}

} // namespace parley::ctl

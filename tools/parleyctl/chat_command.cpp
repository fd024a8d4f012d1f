#include "tools/parleyctl/chat_command.hpp"

#include <cstdio>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <unistd.h>

#include "tools/parleyctl/chat_link.hpp"
#include "tools/parleyctl/script_view.hpp"
#include "tools/parleyctl/terminal_view.hpp"

namespace parley::ctl {

namespace {

constexpr unsigned history_shown = 20;
constexpr std::chrono::seconds last_acks_limit{5};

enum exit_code { done = 0, failed = 1, timed_out = 2 };

int tell(const error& why) {
  fmt::print(stderr, "parleyctl: {}\n", why.detail);
  return failed;
}

instant now_steady() { return std::chrono::steady_clock::now(); }

instant deadline_of(const chat_options& options) {
  if (options.timeout_seconds <= 0) return now_steady() + std::chrono::hours{24 * 365};
  return now_steady() +
         std::chrono::duration_cast<instant::duration>(std::chrono::duration<double>{options.timeout_seconds});
}

bool is_script(const chat_options& options) { return !options.texts.empty() || options.listen > 0; }

// A token given by hand may be good for one device only, which the server then knows.
std::string device_of(const chat_options& options) {
  if (!options.device.empty() || !options.proof.token.empty()) return options.device;
  return "parleyctl";
}

struct chat_parts {
  client::server_url server;
  chat_session_options session;
};

result<chat_parts> read_options(const chat_options& options) {
  const auto server = client::parse_server_url(options.url);
  if (!server) return fail(server.error());
  const auto self = parse_user_id(options.user);
  if (!self) return fail(self.error());
  chat_parts parts{.server = *server, .session = {.self = *self}};
  if (const auto device = device_of(options); !device.empty()) {
    const auto id = parse_device_id(device);
    if (!id) return fail(id.error());
    parts.session.device = *id;
  }
  if (parse_uuid(options.to)) {
    parts.session.conversation = options.to;
  } else {
    const auto peer = parse_user_id(options.to, "to");
    if (!peer) return fail(peer.error());
    parts.session.peer = *peer;
  }
  if (!is_script(options)) parts.session.history = history_shown;
  parts.session.wants_entries = !is_script(options) || options.listen > 0;
  return parts;
}

int run_script(const chat_options& options, const chat_parts& parts, credentials& who, instant deadline) {
  script_view view{options.json, options.listen};
  chat_session session{parts.session, view};
  chat_link link{parts.server, who, session, view};
  if (const auto prepared = link.prepare(); !prepared) return tell(prepared.error());

  for (const auto& text : options.texts) session.post(text);
  while (session.unsent() > 0 || view.left() > 0) {
    if (now_steady() >= deadline) {
      link.close();
      fmt::print(stderr, "parleyctl: timed out, {} messages not acknowledged, {} not heard\n", session.unsent(),
                 view.left());
      return timed_out;
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

int run_conversation(const chat_options& options, const chat_parts& parts, credentials& who, instant deadline) {
  terminal_view view{options.user, ::isatty(STDIN_FILENO) != 0 && ::isatty(STDOUT_FILENO) != 0};
  chat_session session{parts.session, view};
  chat_link link{parts.server, who, session, view};
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
    return tell({.code = errc::timeout, .detail = fmt::format("{} messages were not sent", session.unsent())});
  return is_typing ? timed_out : done;
}

} // namespace

CLI::App* declare_chat(CLI::App& program, chat_options& options) {
  auto* const chat = program.add_subcommand("chat", "Chat with a user, or send and hear messages in a script");
  chat->add_option("--url", options.url, "Server, as http://HOST:PORT")->capture_default_str();
  chat->add_option("--user", options.user, "Who you are")->required();
  chat->add_option("--to", options.to, "The other user, or the id of a conversation")->required();
  chat->add_option("--device", options.device, "Name of this device (parleyctl, unless --token is given)");
  auto* const password = chat->add_option("--password-file", options.proof.password_file,
                                          "Password, in the first line; else PARLEY_PASSWORD, else you are asked");
  auto* const token = chat->add_option("--token", options.proof.token, "Token at hand, instead of a password");
  auto* const secret = chat->add_option("--secret-file", options.proof.secret_file,
                                        "The server's HS256 key, DATA/jwt.secret: makes the token");
  auto* const registers = chat->add_flag("--register", options.proof.must_register, "Create the account first");
  token->excludes(password)->excludes(secret)->excludes(registers);
  secret->excludes(password)->excludes(registers);
  chat->add_option("--send", options.texts, "Send this and print its id; repeatable")->allow_extra_args(false);
  chat->add_option("--listen", options.listen, "Print so many messages of others, then end");
  chat->add_option("--timeout", options.timeout_seconds, "End after so many seconds with exit code 2");
  chat->add_flag("--json", options.json, "With --send and --listen: lines of JSON");
  chat->footer("While chatting, Ctrl-D or /quit ends.");
  return chat;
}

int run_chat(const chat_options& options) {
  const auto deadline = deadline_of(options);
  const auto parts = read_options(options);
  if (!parts) return tell(parts.error());
  credentials who{parts->server, parts->session.self, parts->session.device, options.proof};
  return is_script(options) ? run_script(options, *parts, who, deadline)
                            : run_conversation(options, *parts, who, deadline);
}

} // namespace parley::ctl

#include "tools/parleyload/options.hpp"

#include <cstdio>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "tools/client/token.hpp"
#include "tools/parleyload/payload.hpp"

namespace parley::load {

namespace {

constexpr std::uint32_t many = 1'000'000;

/// What is written in another form than it is used.
struct written_options {
  std::vector<std::string> urls{"http://127.0.0.1:8080"};
  std::string authority;
  std::string secret_file;
  double seconds = 10;
};

void declare_target(CLI::App& mode, target_options& options, written_options& written) {
  mode.add_option("--url", written.urls,
                  "Server, as http://HOST:PORT or https://HOST:PORT; repeat it for the nodes of a cluster")
      ->capture_default_str();
  mode.add_option("--ca", written.authority, "With https: whom to trust, in PEM, instead of those this machine trusts")
      ->type_name("FILE");
  auto* file =
      mode.add_option("--secret-file", written.secret_file, "File with the server's HS256 key, DATA/jwt.secret");
  mode.add_option("--secret", options.secret, "The key itself")->excludes(file);
  mode.add_option("--server-pid", options.server_processes,
                  "Server process to watch; repeatable; else whoever listens on a local --url");
  mode.add_flag("--json", options.json, "One line of JSON on stdout");
}

void declare_pace(CLI::App& mode, target_options& options) {
  mode.add_option("--connections-per-second", options.connections_per_second, "How fast to connect")
      ->check(CLI::Range(1U, many))
      ->capture_default_str();
}

void declare_seconds(CLI::App& mode, written_options& written, const char* help) {
  mode.add_option("--seconds", written.seconds, help)->check(CLI::Range(0.1, 1e6))->capture_default_str();
}

void declare_count(CLI::App& mode, const char* name, std::uint32_t& count, const char* help) {
  mode.add_option(name, count, help)->check(CLI::Range(1U, many))->capture_default_str();
}

template <class Sending> void declare_sending(CLI::App& mode, Sending& options, const char* whose) {
  auto* window =
      mode.add_option("--window", options.window, fmt::format("Closed loop: messages of a {} under way at once", whose))
          ->check(CLI::Range(1, 4096))
          ->capture_default_str();
  mode.add_option("--rate", options.rate,
                  "Open loop: messages a second over all, each due at its time whether or not the server keeps up. "
                  "Latencies count from when a message was due, so waiting for a slow server counts as well")
      ->check(CLI::Range(0.001, 1e7))
      ->excludes(window);
  mode.add_option("--size", options.text_bytes, "Bytes of each text")
      ->check(CLI::Range(payloads::bytes_min, payloads::bytes_max))
      ->capture_default_str();
}

void declare(CLI::App& mode, chat_options& options, written_options& written) {
  declare_count(mode, "--pairs", options.pairs, "Pairs of users, each in a 1:1 conversation");
  declare_sending(mode, options, "pair");
  declare_seconds(mode, written, "How long to send");
  mode.add_option_function<double>(
          "--warm-up", [&options](double seconds) { options.warm_up = std::chrono::duration<double>{seconds}; },
          "How long to send before anything is measured; it is checked all the same")
      ->type_name("SECONDS")
      ->check(CLI::Range(0.0, 1e6));
  mode.add_flag("--echo", options.echo, "Have the sender's own messages pushed back to it as well");
  declare_pace(mode, options);
}

void declare(CLI::App& mode, idle_options& options, written_options& written) {
  written.seconds = 5;
  declare_count(mode, "--connections", options.connections, "Connections to hold");
  mode.add_option("--users", options.users, "Users they belong to, each connection a device; 0: one each")
      ->check(CLI::Range(0U, many))
      ->capture_default_str();
  declare_seconds(mode, written, "How long all of them stay before the memory is looked at");
  declare_pace(mode, options);
}

void declare(CLI::App& mode, group_options& options, written_options& written) {
  declare_count(mode, "--members", options.members, "Members, all connected; the server's groups.push_limit is above");
  declare_count(mode, "--senders", options.senders, "Members that write");
  declare_sending(mode, options, "sender");
  mode.add_option("--confirm-every", options.confirm_every, "Members say `received` after so many messages; 0: never")
      ->capture_default_str();
  declare_seconds(mode, written, "How long to send");
  declare_pace(mode, options);
}

void declare(CLI::App& mode, history_options& options, written_options& written) {
  declare_count(mode, "--conversations", options.conversations, "Conversations, made and filled first");
  declare_count(mode, "--messages", options.messages, "Messages in each");
  declare_count(mode, "--connections", options.connections, "Connections that ask, one request under way each");
  mode.add_option("--limit", options.limit, "Entries asked for, the newest")
      ->check(CLI::Range(1, 200))
      ->capture_default_str();
  declare_seconds(mode, written, "How long to ask");
  declare_pace(mode, options);
}

void declare(CLI::App& mode, reconnect_options& options, written_options& written) {
  declare_count(mode, "--connections", options.connections, "Clients that are dropped and come back");
  mode.add_option("--within", written.seconds, "Seconds in which all of them come, at even distances")
      ->check(CLI::Range(0.1, 1e6))
      ->capture_default_str();
  declare_pace(mode, options);
}

result<void> complete_target(target_options& options, const written_options& written) {
  for (const auto& text : written.urls) {
    const auto url = client::parse_server_url(text, written.authority);
    if (!url) return fail(url.error());
    options.servers.push_back(*url);
  }
  if (!written.secret_file.empty()) {
    auto secret = client::read_secret(written.secret_file);
    if (!secret) return fail(secret.error());
    options.secret = std::move(*secret);
  }
  if (options.secret.empty()) return fail(errc::invalid_argument, "one of --secret-file and --secret is needed");
  return {};
}

std::chrono::duration<double>& length_of(reconnect_options& options) { return options.within; }
std::chrono::duration<double>& length_of(auto& options) { return options.duration; }

/// A mode as the command line sees it.
template <class Options> struct declared_mode {
  Options options;
  written_options written;
  CLI::App* command;

  declared_mode(CLI::App& app, const char* name, const char* help) : command{app.add_subcommand(name, help)} {
    declare_target(*command, options, written);
    declare(*command, options, written);
  }

  [[nodiscard]] result<mode_options> complete() {
    if (const auto done = complete_target(options, written); !done) return fail(done.error());
    length_of(options) = std::chrono::duration<double>{written.seconds};
    return mode_options{std::move(options)};
  }
};

} // namespace

parsed_options parse_options(int count, const char* const* words) {
  CLI::App app{"Puts load on a Parley server and checks that every message arrives once, whole and in order",
               "parleyload"};
  app.require_subcommand(1);
  app.footer("Exit code: 0 all was well, 1 could not start, 2 the check found something.");
  declared_mode<chat_options> chat{app, "chat", "Pairs of users that write to each other"};
  declared_mode<idle_options> idle{app, "idle", "Connections that do nothing: what each costs the server"};
  declared_mode<group_options> group{app, "group", "One group whose members are all connected"};
  declared_mode<history_options> history{app, "history", "Clients that read the newest entries of conversations"};
  declared_mode<reconnect_options> reconnect{app, "reconnect", "All clients are dropped and come back at once"};
  try {
    app.parse(count, words);
  } catch (const CLI::ParseError& trouble) {
    return {std::nullopt, app.exit(trouble) == 0 ? 0 : 1};
  }
  auto mode = chat.command->parsed()      ? chat.complete()
              : idle.command->parsed()    ? idle.complete()
              : group.command->parsed()   ? group.complete()
              : history.command->parsed() ? history.complete()
                                          : reconnect.complete();
  if (!mode) {
    fmt::print(stderr, "parleyload: {}\n", mode.error().detail);
    return {std::nullopt, 1};
  }
  return {std::move(*mode), 0};
}

} // namespace parley::load

#include "tools/parleyload/options.hpp"

#include <cstdio>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "tools/client/token.hpp"
#include "tools/parleyload/payload.hpp"

namespace parley::load {

namespace {

struct written_options {
  std::vector<std::string> urls{"http://127.0.0.1:8080"};
  std::string secret_file;
  double seconds = 10;
};

void declare(CLI::App& chat, chat_options& options, written_options& written) {
  chat.add_option("--url", written.urls, "Server, as http://HOST:PORT; repeat it for the nodes of a cluster")
      ->capture_default_str();
  auto* file =
      chat.add_option("--secret-file", written.secret_file, "File with the server's HS256 key, DATA/jwt.secret");
  chat.add_option("--secret", options.secret, "The key itself")->excludes(file);
  chat.add_option("--pairs", options.pairs, "Pairs of users, each in a 1:1 conversation")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  auto* window = chat.add_option("--window", options.window, "Closed loop: messages of a pair under way at once")
                     ->check(CLI::Range(1, 4096))
                     ->capture_default_str();
  chat.add_option("--rate", options.rate, "Open loop: messages a second over all pairs")
      ->check(CLI::Range(0.001, 1e7))
      ->excludes(window);
  chat.add_option("--seconds", written.seconds, "How long to send")->check(CLI::Range(0.1, 1e6))->capture_default_str();
  chat.add_option("--size", options.text_bytes, "Bytes of each text")
      ->check(CLI::Range(payloads::bytes_min, payloads::bytes_max))
      ->capture_default_str();
  chat.add_flag("--echo", options.echo, "Have the sender's own messages pushed back to it as well");
  chat.add_option("--connections-per-second", options.connections_per_second, "How fast to connect")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  chat.add_option("--server-pid", options.server_processes,
                  "Server process to watch; repeatable; else whoever listens on a local --url");
  chat.add_flag("--json", options.json, "One line of JSON on stdout");
}

result<void> complete(chat_options& options, const written_options& written) {
  for (const auto& text : written.urls) {
    const auto url = client::parse_server_url(text);
    if (!url) return fail(url.error());
    options.servers.push_back(*url);
  }
  if (!written.secret_file.empty()) {
    auto secret = client::read_secret(written.secret_file);
    if (!secret) return fail(secret.error());
    options.secret = std::move(*secret);
  }
  if (options.secret.empty()) return fail(errc::invalid_argument, "one of --secret-file and --secret is needed");
  options.duration = std::chrono::duration<double>{written.seconds};
  return {};
}

} // namespace

parsed_options parse_options(int count, const char* const* words) {
  CLI::App app{"Puts load on a Parley server and checks that every message arrives once, whole and in order",
               "parleyload"};
  app.require_subcommand(1);
  app.footer("Exit code: 0 all was well, 1 could not start, 2 the check found something.");
  chat_options options;
  written_options written;
  auto* const chat = app.add_subcommand("chat", "Pairs of users that write to each other");
  declare(*chat, options, written);
  try {
    app.parse(count, words);
  } catch (const CLI::ParseError& trouble) {
    return {std::nullopt, app.exit(trouble) == 0 ? 0 : 1};
  }
  if (const auto completed = complete(options, written); !completed) {
    fmt::print(stderr, "parleyload: {}\n", completed.error().detail);
    return {std::nullopt, 1};
  }
  return {std::move(options), 0};
}

} // namespace parley::load

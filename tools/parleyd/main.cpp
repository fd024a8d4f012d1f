// parleyd: one node of Parley.

#include "cluster/node.hpp"
#include "tools/parleyd/log_format.hpp"
#include "tools/parleyd/options.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <spdlog/spdlog.h>
#include <sys/resource.h>

#include <csignal>
#include <iostream>

namespace {

int refuse(const parley::error& why) {
  std::cerr << "parleyd: " << why.detail << "\n";
  return 1;
}

/// The signals that end the program; blocked before any thread starts, so that all of them wait for `main`.
sigset_t ending_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  return signals;
}

/// A connection costs a descriptor. Shells hand programs a low limit and allow them a higher one.
void raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == limit.rlim_max) return;
  limit.rlim_cur = limit.rlim_max;
  (void)setrlimit(RLIMIT_NOFILE, &limit);
}

int serve(parley::settings config) {
  const auto signals = ending_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  raise_descriptor_limit();

  const auto* const scheme = config.http.tls.cert.empty() ? "http://" : "https://";
  auto node = parley::cluster::node::start(std::move(config));
  if (!node) return refuse(node.error());
  std::vector<std::string> urls;
  for (const auto& address : (*node)->addresses()) urls.push_back(scheme + address);
  std::cout << fmt::format("ready http={} node={}", fmt::join(urls, ","), (*node)->id()) << std::endl;

  int signal = 0;
  sigwait(&signals, &signal);
  spdlog::info("ending on signal {}", signal);
  // Whoever asks a second time does not want to wait.
  pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
  if (!(*node)->stop()) {
    spdlog::shutdown();
    std::_Exit(0);
  }
  return 0;
}

} // namespace

int main(int argc, char** argv) {
  const auto [options, exit_code] = parley::parleyd::read_command_line(argc, argv);
  if (exit_code) return *exit_code;
  auto config = parley::load_settings(options.sources);
  if (!config) return refuse(config.error());
  if (options.print_config) {
    std::cout << parley::print_settings(*config);
    return 0;
  }
  if (options.check_config) return 0;
  parley::parleyd::set_up_log(config->log);
  if (options.migrate_only) {
    const auto migrated = parley::cluster::node::migrate(*config);
    return migrated ? 0 : refuse(migrated.error());
  }
  return serve(std::move(*config));
}

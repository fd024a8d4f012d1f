#include "tests/postgres_server.hpp"

#include <cerrno>
#include <csignal>
#include <fstream>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <grp.h>
#include <libpq-fe.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/system/deadline.hpp"

namespace parley::tests {

namespace {

using connection_ptr = std::unique_ptr<PGconn, decltype(&PQfinish)>;
using answer_ptr = std::unique_ptr<PGresult, decltype(&PQclear)>;

/// The newest one that Debian has installed, or the one of PARLEY_POSTGRES_BIN.
std::filesystem::path find_programs() {
  if (const auto* chosen = std::getenv("PARLEY_POSTGRES_BIN")) return chosen;
  std::filesystem::path best;
  int newest = 0;
  std::error_code none;
  for (const auto& version : std::filesystem::directory_iterator{"/usr/lib/postgresql", none}) {
    const auto number = std::atoi(version.path().filename().c_str());
    if (number <= newest || !std::filesystem::exists(version.path() / "bin/postgres")) continue;
    newest = number;
    best = version.path() / "bin";
  }
  if (best.empty()) throw std::runtime_error{"PostgreSQL is not installed: apt-get install postgresql"};
  return best;
}

/// PostgreSQL refuses to run as root; Debian has made this user for it.
const passwd* owner() {
  if (geteuid() != 0) return nullptr;
  const auto* found = getpwnam("postgres");
  if (found == nullptr) throw std::runtime_error{"there is no user postgres to run PostgreSQL as"};
  return found;
}

[[noreturn]] void become(const std::vector<char*>& words, const passwd* user, int log, const char* folder) {
  if (user != nullptr &&
      (setgroups(0, nullptr) != 0 || setgid(user->pw_gid) != 0 || setuid(user->pw_uid) != 0 || chdir(folder) != 0))
    _exit(126);
  // When the tests are gone, so is the server. (A change of user would undo this.)
  prctl(PR_SET_PDEATHSIG, SIGQUIT);
  dup2(log, STDOUT_FILENO);
  dup2(log, STDERR_FILENO);
  execv(words.front(), words.data());
  _exit(127);
}

bool memory_is_in_use(const std::string& log) {
  const auto last = log.rfind("FATAL:");
  return last != std::string::npos && log.find("is still in use", last) != std::string::npos;
}

int wait_for(pid_t pid) {
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

} // namespace

postgres_server::postgres_server(std::vector<std::string> settings)
    : programs_{find_programs()}, settings_{std::move(settings)} {
  if (const auto* user = owner()) {
    if (chown(folder_.path().c_str(), user->pw_uid, user->pw_gid) != 0)
      throw std::system_error{errno, std::generic_category(), "cannot give the folder away"};
  }
  const auto made = wait_for(launch({(programs_ / "initdb").string(), "-D", data(), "-U", "postgres", "-A", "trust",
                                     "-E", "UTF8", "--locale=C", "--no-sync"}));
  if (made != 0) throw std::runtime_error{"initdb failed: " + log()};
  start();
}

postgres_server::~postgres_server() {
  if (is_running()) end(SIGQUIT);
}

postgres_server& postgres_server::shared() {
  static postgres_server only;
  return only;
}

pid_t postgres_server::launch(const std::vector<std::string>& words) const {
  std::vector<char*> arguments;
  for (const auto& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  const auto* user = owner();
  const auto file = folder_.path() / "log";
  const auto written = ::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (written < 0) throw std::system_error{errno, std::generic_category(), "cannot write the log of PostgreSQL"};
  const auto pid = fork();
  if (pid == 0) become(arguments, user, written, folder_.path().c_str());
  ::close(written);
  if (pid < 0) throw std::system_error{errno, std::generic_category(), "cannot start PostgreSQL"};
  return pid;
}

void postgres_server::start() {
  std::vector<std::string> words{
      (programs_ / "postgres").string(), "-D", data(), "-k", folder_.path().string(), "-c", "listen_addresses="};
  for (const auto& setting : settings_) words.insert(words.end(), {"-c", setting});
  pid_ = launch(words);
  const auto answers = [&] {
    if (waitpid(pid_, nullptr, WNOHANG) == pid_) {
      pid_ = 0;
      // The children of one that was killed may still be on their way out, with its memory in their hands.
      if (!memory_is_in_use(log())) throw std::runtime_error{"PostgreSQL ended instead of being ready: " + log()};
      pid_ = launch(words);
    }
    return PQping(url().c_str()) == PQPING_OK;
  };
  if (!eventually(answers)) throw std::runtime_error{"PostgreSQL was not ready in time: " + log()};
}

void postgres_server::stop() { end(SIGINT); }

void postgres_server::kill() {
  end(SIGKILL);
  const auto alone = [&] { return PQping(url().c_str()) == PQPING_NO_RESPONSE; };
  if (!eventually(alone)) throw std::runtime_error{"PostgreSQL lives on: " + log()};
}

void postgres_server::end(int signal) {
  ::kill(pid_, signal);
  wait_for(pid_);
  pid_ = 0;
}

std::string postgres_server::url(const std::string& database) const {
  return fmt::format("host={} user=postgres dbname={}", folder_.path().string(), database);
}

std::string postgres_server::run(const std::string& sql, const std::string& database) const {
  const connection_ptr to{PQconnectdb(url(database).c_str()), PQfinish};
  const answer_ptr answer{PQexec(to.get(), sql.c_str()), PQclear};
  const auto how = PQresultStatus(answer.get());
  if (how != PGRES_TUPLES_OK && how != PGRES_COMMAND_OK)
    throw std::runtime_error{fmt::format("{}: {}", sql, PQerrorMessage(to.get()))};
  return PQntuples(answer.get()) > 0 ? PQgetvalue(answer.get(), 0, 0) : "";
}

std::string postgres_server::make_database(const std::string& model) {
  auto name = fmt::format("parley_{}", ++databases_);
  run(fmt::format("CREATE DATABASE {} TEMPLATE {}", name, model));
  return name;
}

void postgres_server::drop_database(const std::string& name) const {
  run(fmt::format("DROP DATABASE {} WITH (FORCE)", name));
}

std::string postgres_server::log() const {
  std::ifstream in{folder_.path() / "log", std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, std::istreambuf_iterator<char>{}};
}

} // namespace parley::tests

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/system/chat.hpp"
#include "tests/system/tls_node.hpp"

namespace parley::tests {

namespace {

std::string program() {
  const auto* path = std::getenv("PARLEYCTL");
  if (path == nullptr) throw std::runtime_error{"the environment variable PARLEYCTL must name the program"};
  return path;
}

struct finished {
  int code = 0;
  std::string out, err;

  [[nodiscard]] tests::json json() const { return tests::json::parse(out); }
};

/// A program that runs beside the test; what it prints goes to files.
class running_program {
public:
  explicit running_program(std::vector<std::string> words) {
    std::vector<char*> arguments;
    for (auto& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    const auto open_file = [&](const char* name) {
      return ::open((directory_.path() / name).c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    };
    const auto out = open_file("out"), err = open_file("err");
    pid_ = fork();
    if (pid_ == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      dup2(out, STDOUT_FILENO);
      dup2(err, STDERR_FILENO);
      execvp(arguments.front(), arguments.data());
      _exit(127);
    }
    ::close(out);
    ::close(err);
  }
  running_program(const running_program&) = delete;
  running_program& operator=(const running_program&) = delete;
  ~running_program() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }

  [[nodiscard]] std::string out() const { return text_of("out"); }
  void interrupt() const { ::kill(pid_, SIGINT); }

  finished wait() {
    int status = 0;
    REQUIRE(eventually([&] { return waitpid(pid_, &status, WNOHANG) == pid_; }));
    pid_ = 0;
    REQUIRE(WIFEXITED(status));
    return {.code = WEXITSTATUS(status), .out = out(), .err = text_of("err")};
  }

private:
  [[nodiscard]] std::string text_of(const char* name) const {
    std::ifstream in{directory_.path() / name, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, std::istreambuf_iterator<char>{}};
  }

  temporary_directory directory_;
  pid_t pid_ = -1;
};

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size(); at = text.find('\n', at) + 1)
    lines.push_back(text.substr(at, text.find('\n', at) - at));
  return lines;
}

std::vector<std::string> words_of(const running_node& node, const std::string& user, std::vector<std::string> words) {
  words.insert(words.begin(), program());
  words.insert(words.end(), {"--url", node.url(), "--user", user, "--token", node.token(user)});
  return words;
}

finished run(const running_node& node, const std::string& user, const std::vector<std::string>& words) {
  return running_program{words_of(node, user, words)}.wait();
}

/// What a command prints that must succeed.
finished done(const running_node& node, const std::string& user, const std::vector<std::string>& words) {
  auto end = run(node, user, words);
  CHECK(end.code == 0);
  CHECK(end.err == "");
  return end;
}

json answer(const running_node& node, const std::string& user, std::vector<std::string> words) {
  words.emplace_back("--json");
  const auto end = done(node, user, words);
  CHECK(lines_of(end.out).size() == 1);
  return end.json();
}

/// One line on stderr, nothing on stdout.
void is_refused(const finished& end, int code, std::string_view why) {
  CAPTURE(end.err);
  CHECK(end.code == code);
  CHECK(end.out == "");
  CHECK(lines_of(end.err).size() == 1);
  CHECK(end.err.starts_with("parleyctl: "));
  CHECK(end.err.find(why) != std::string::npos);
}

} // namespace

TEST_CASE("parleyctl: a group is made, changed and left") {
  const running_node node;
  node.introduce({"ann", "bob", "cy", "dan"});
  const auto made = answer(node, "ann", {"group", "create", "Trip", "bob", "cy"});
  CHECK(made["type"] == "conversation");
  CHECK(made["members"] == 3);
  CHECK(!made["ref"].exists());
  const auto group = made["conversation"].text();

  CHECK(answer(node, "ann", {"group", "add", group, "dan"})["seq"] == 2);
  CHECK(done(node, "ann", {"group", "role", group, "bob", "admin"}).out == fmt::format("{}:3\n", group));
  CHECK(done(node, "bob", {"group", "remove", group, "cy", "dan"}).out == fmt::format("{}:4\n", group));
  CHECK(done(node, "bob", {"group", "rename", group, "Journey"}).out == fmt::format("{}:5\n", group));
  CHECK(done(node, "bob", {"group", "leave", group}).out == fmt::format("{}:6\n", group));

  const auto log = answer(node, "ann", {"history", group});
  REQUIRE(log["items"].size() == 6);
  CHECK(log["items"][1]["action"] == "add");
  CHECK(log["items"][2]["role"] == "admin");
  CHECK(log["items"][3]["users"].size() == 2);
  CHECK(log["items"][4]["title"] == "Journey");
  CHECK(log["items"][5]["action"] == "leave");

  const auto plain = done(node, "ann", {"group", "create", "Another"}).out;
  CHECK(plain.size() == group.size() + 1);
}

TEST_CASE("parleyctl: conversations are listed with what is unread, all pages of them") {
  const running_node node{{"limits.create_rate=0"}};
  auto ann = node.online("ann");
  node.introduce({"bob"});
  (void)ann.ask(send_to("bob", "hello"));
  for (int i = 0; i < 101; ++i) (void)ann.ask(create_group({"bob"}, fmt::format("group {}", i)));
  const auto all = answer(node, "bob", {"conversations"});
  CHECK(all["type"] == "conversations");
  CHECK(all["items"].size() == 102);
  CHECK(all["items"][0]["title"] == "group 100");
  CHECK(all["items"][101]["peer"] == "ann");
  CHECK(all["items"][101]["unread"] == 1);
  const auto lines = lines_of(done(node, "bob", {"conversations"}).out);
  REQUIRE(lines.size() == 102);
  CHECK(lines[101].find("direct    1 unread  ann  ") != std::string::npos);
  CHECK(lines[101].ends_with("ann: hello"));
}

TEST_CASE("parleyctl: with TLS it speaks to those alone whom it is told to trust") {
  const tls_node node;
  node.introduce({"bob"});
  const auto trusting = [&](std::vector<std::string> words) {
    words.insert(words.end(), {"--ca", node.authority});
    return words;
  };
  CHECK(done(node, "ann", trusting({"chat", "--to", "bob", "--send", "hello"})).code == 0);
  CHECK(lines_of(done(node, "bob", trusting({"conversations"})).out).at(0).ends_with("ann: hello"));
  CHECK(answer(node, "ann", trusting({"devices"}))["items"].size() == 1);

  constexpr std::string_view unknown = "the server's certificate: ";
  is_refused(run(node, "ann", {"conversations"}), 1, unknown);
  is_refused(run(node, "ann", {"devices"}), 1, unknown);
  is_refused(run(node, "ann", {"conversations", "--ca", "/no/such/file"}), 1, "/no/such/file");
}

TEST_CASE("parleyctl: history is read by the other user's name, from any place") {
  const running_node node;
  auto ann = node.online("ann");
  node.introduce({"bob"});
  for (int i = 1; i <= 9; ++i) (void)ann.ask(send_to("bob", fmt::format("text {}", i)));
  const auto newest = answer(node, "bob", {"history", "ann", "--limit", "2"});
  CHECK(newest["type"] == "history");
  CHECK(newest["items"][0]["text"] == "text 8");
  CHECK(newest["head"] == 9);
  CHECK(newest["more"] == true);
  CHECK(answer(node, "bob", {"history", "ann", "--after", "8"})["items"][0]["seq"] == 9);
  CHECK(answer(node, "bob", {"history", "ann", "--before", "3"})["items"].size() == 2);
  CHECK(answer(node, "bob", {"history", "ann", "--around", "5", "--limit", "3"})["items"].size() == 3);
  const auto lines = lines_of(done(node, "bob", {"history", "ann", "--before", "2"}).out);
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].starts_with("   1  20"));
  CHECK(lines[0].ends_with("  ann: text 1"));
}

TEST_CASE("parleyctl: search finds messages, everywhere or in one conversation") {
  const running_node node;
  auto ann = node.online("ann");
  node.introduce({"bob", "cy"});
  (void)ann.ask(send_to("bob", "a red apple"));
  (void)ann.ask(send_to("cy", "an APPLE pie"));
  CHECK(answer(node, "ann", {"search", "apple"})["items"].size() == 2);
  const auto one = answer(node, "ann", {"search", "apple", "--in", "bob"});
  CHECK(one["type"] == "results");
  REQUIRE(one["items"].size() == 1);
  CHECK(one["items"][0]["text"] == "a red apple");
  const auto line = done(node, "ann", {"search", "apple", "--in", "bob"}).out;
  CHECK(line.starts_with(one["items"][0]["id"].text()));
  CHECK(line.ends_with("  ann: a red apple\n"));
}

TEST_CASE("parleyctl: tail prints the end of the log and what is added, and nothing counts as read") {
  const running_node node;
  auto ann = node.online("ann");
  node.introduce({"bob"});
  for (int i = 1; i <= 3; ++i) (void)ann.ask(send_to("bob", fmt::format("text {}", i)));

  running_program counted{words_of(node, "bob", {"tail", "ann", "--lines", "2", "--count", "4", "--json"})};
  REQUIRE(eventually([&] { return lines_of(counted.out()).size() == 2; }));
  for (int i = 4; i <= 6; ++i) (void)ann.ask(send_to("bob", fmt::format("text {}", i)));
  const auto end = counted.wait();
  CHECK(end.code == 0);
  CHECK(end.err == "");
  const auto lines = lines_of(end.out);
  REQUIRE(lines.size() == 4);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto entry = json::parse(lines[i]);
    CHECK(entry["text"] == fmt::format("text {}", i + 2));
    CHECK(!entry["s"].exists());
  }
  CHECK(answer(node, "bob", {"conversations"})["items"][0]["unread"] == 6);
}

TEST_CASE("parleyctl: tail ends well by Ctrl-C, and with code 2 by the clock") {
  const running_node node;
  auto ann = node.online("ann");
  node.introduce({"bob"});
  (void)ann.ask(send_to("bob", "text"));
  running_program endless{words_of(node, "bob", {"tail", "ann"})};
  REQUIRE(eventually([&] { return !lines_of(endless.out()).empty(); }));
  endless.interrupt();
  const auto end = endless.wait();
  CHECK(end.code == 0);
  CHECK(end.out.ends_with("  ann: text\n"));
  CHECK(end.err == "");

  is_refused(run(node, "bob", {"tail", "ann", "--lines", "0", "--timeout", "0.2"}), 2, "timed out");
}

TEST_CASE("parleyctl: devices are listed and sent away") {
  const running_node node;
  auto phone = node.online("ann", "?device=phone");
  const auto before = answer(node, "ann", {"devices"});
  REQUIRE(before["items"].size() == 1);
  CHECK(before["items"][0]["device"] == "phone");
  CHECK(done(node, "ann", {"devices"}).out.starts_with("phone  20"));
  const auto revoked = answer(node, "ann", {"devices", "revoke", "phone"});
  CHECK(revoked["device"] == "phone");
  CHECK(revoked["revoked"] == true);
  CHECK(phone.end().code == 4502);
  CHECK(answer(node, "ann", {"devices"})["items"].size() == 0);
}

TEST_CASE("parleyctl: what is refused is one line on stderr and code 1") {
  const running_node node;
  node.introduce({"ann"});
  const std::string nowhere = "018f0000-0000-7000-8000-000000000000";
  is_refused(run(node, "ann", {"history", nowhere, "--json"}), 1, "not_found");
  is_refused(run(node, "ann", {"history", "-", "--json"}), 1, "conversation");
  is_refused(run(node, "ann", {"tail", nowhere, "--json"}), 1, "not_found");
  is_refused(run(node, "ann", {"history", "bob", "--limit", "1000"}), 1, "limit");
  is_refused(run(node, "ann", {"group", "create", "Trip", "nobody-knows"}), 1, "not_found");
  is_refused(run(node, "ann", {"group", "leave", "bob"}), 1, "conversation");
  is_refused(run(node, "ann", {"devices", "revoke", "no such", "--json"}), 1, "device");
  is_refused(run(node, "ann", {"history", "bob", "--before", "1", "--after", "2"}), 1, "--before");
  is_refused(run(node, "ann", {"dance"}), 1, "--help");
  auto words = words_of(node, "bob", {"conversations"});
  words.back() = node.token("ann");
  is_refused(running_program{words}.wait(), 1, "belongs to ann");
  words.back() = "no token";
  is_refused(running_program{words}.wait(), 1, "unauthenticated");
}

TEST_CASE("parleyctl: a server that does not answer is code 2, one that is away code 1") {
  running_node node;
  ::kill(node.process.pid(), SIGSTOP);
  is_refused(run(node, "ann", {"conversations", "--timeout", "0.2"}), 2, "timed out");
  is_refused(run(node, "ann", {"devices", "--timeout", "0.2"}), 2, "does not answer");
  ::kill(node.process.pid(), SIGCONT);
  node.process.kill();
  is_refused(run(node, "ann", {"conversations"}), 1, node.url());
}

TEST_CASE("parleyctl: bash completes commands and flags at every place") {
  const auto completed = [](const std::string& words) {
    const auto script = fmt::format("source <('{}' completion bash); COMP_WORDS=({}); COMP_CWORD=$(({} - 1)); "
                                    "_parleyctl; echo \"${{COMPREPLY[*]}}\"",
                                    program(), words, "${#COMP_WORDS[@]}");
    const auto end = running_program{{"bash", "-c", script}}.wait();
    CHECK(end.err == "");
    return end.out;
  };
  CHECK(completed("parleyctl ''") == "chat conversations history tail search group devices ca completion\n");
  CHECK(completed("parleyctl group r") == "remove role rename\n");
  CHECK(completed("parleyctl group add --to") == "--token\n");
  CHECK(completed("parleyctl devices revoke --us") == "--user\n");
  CHECK(completed("parleyctl history bob --url h") == "\n");
  CHECK(completed("parleyctl completion ''") == "bash zsh fish\n");
}

TEST_CASE("parleyctl: every shell has its script") {
  for (const auto* shell : {"bash", "zsh", "fish"}) {
    const auto end = running_program{{program(), "completion", shell}}.wait();
    CHECK(end.code == 0);
    CHECK(end.out.find("group") != std::string::npos);
    CHECK(end.out.find("secret-file") != std::string::npos);
  }
}

} // namespace parley::tests

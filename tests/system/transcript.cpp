#include "tests/system/transcript.hpp"

#include <fstream>
#include <map>
#include <sstream>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/system/pattern.hpp"
#include "tests/system/running_node.hpp"

namespace parley::tests {

namespace {

std::vector<std::string> words_of(std::string_view text) {
  std::istringstream in{std::string{text}};
  std::vector<std::string> words;
  for (std::string word; in >> word;) words.push_back(word);
  return words;
}

/// The word in front, and what is behind the blank after it.
std::pair<std::string, std::string> split_off(std::string_view text) {
  const auto blank = text.find(' ');
  if (blank == std::string_view::npos) return {std::string{text}, ""};
  return {std::string{text.substr(0, blank)}, std::string{text.substr(blank + 1)}};
}

class performance {
public:
  void perform(std::string_view line) {
    const auto [who, rest] = split_off(line);
    if (who == "!") return direct(rest);
    const auto [arrow, what] = split_off(rest);
    if (who == "http") return arrow == "->" ? ask_http(what) : expect_http(what);
    if (arrow == "->") return client_of(who).send(cast_.fill_in(what));
    if (arrow == "<-" && what.starts_with("closed ")) return expect_end(client_of(who), what.substr(7));
    if (arrow == "<-") return expect_next(client_of(who), what);
    if (arrow == "<~") return expect_any(client_of(who), what);
    throw std::runtime_error{"this line has no meaning"};
  }

private:
  void direct(const std::string& what) {
    const auto [verb, rest] = split_off(what);
    const auto words = words_of(cast_.fill_in(rest));
    if (verb == "server")
      settings_ = words;
    else if (verb == "introduce")
      node().introduce(words);
    else if (verb == "connect")
      connect(rest);
    else if (verb == "online")
      client_of(connect(rest)).collect_until(of_type("synced"));
    else if (verb == "close")
      leave(rest, [](client& leaving) { leaving.close(); });
    else if (verb == "break")
      leave(rest, [](client&) {});
    else if (verb == "restart")
      start_again([](server_process& running) { CHECK(running.stop() == process_end{}); });
    else if (verb == "kill")
      start_again([](server_process& running) { running.kill(); });
    else if (what == "nothing else")
      expect_nothing_else();
    else
      throw std::runtime_error{"there is no such direction"};
  }

  running_node& node() {
    if (!node_) node_ = std::make_unique<running_node>(settings_);
    return *node_;
  }

  client& client_of(const std::string& who) {
    const auto found = clients_.find(who);
    if (found == clients_.end()) throw std::runtime_error{who + " is not connected"};
    return found->second;
  }

  std::string connect(const std::string& place) {
    const auto mark = std::min(place.find('?'), place.size());
    auto who = place.substr(0, mark);
    auto query = cast_.fill_in(place.substr(mark));
    const auto slash = who.find('/');
    if (slash != std::string::npos)
      query += fmt::format("{}device={}", query.empty() ? "?" : "&", who.substr(slash + 1));
    clients_.erase(who);
    const auto brings_token = query.find("token=") != std::string::npos;
    clients_.emplace(who, brings_token ? node().connect_unknown(query) : node().connect(who.substr(0, slash), query));
    return who;
  }

  void leave(const std::string& who, const std::function<void(client&)>& farewell) {
    farewell(client_of(who));
    clients_.erase(who);
  }

  void start_again(const std::function<void(server_process&)>& end) {
    clients_.clear();
    http_.reset();
    end(node().process);
    node().process.start();
  }

  json pattern(const std::string& text) const { return json::parse(cast_.fill_in(text)); }

  void expect_next(client& from, const std::string& what) {
    const auto frame = from.next();
    const auto difference = cast_.mismatch(pattern(what), frame);
    REQUIRE_MESSAGE(!difference, difference.value_or(""), "\n  of ", frame.dump());
  }

  void expect_any(client& from, const std::string& what) {
    const auto expected = pattern(what);
    // Waiting throws when no such frame comes.
    REQUIRE(from.wait([&](const json& frame) { return !cast_.mismatch(expected, frame); }).exists());
  }

  void expect_end(client& from, const std::string& code) { REQUIRE(fmt::to_string(from.end().code) == code); }

  void expect_nothing_else() {
    for (auto& [who, connected] : clients_) {
      // Asked of the actors, so its answer goes out behind whatever they had to say before.
      (void)connected.ask(R"({"type":"conversations","limit":1})");
      const auto left = connected.drain();
      REQUIRE_MESSAGE(left.empty(), who, " was also sent ", left.empty() ? "" : left.front().dump());
    }
  }

  void ask_http(const std::string& what) {
    const auto [method, rest] = split_off(what);
    const auto [target, body] = split_off(rest);
    if (!http_) http_ = std::make_unique<http_client>(node().url());
    http_->write(http_->text_of(method, cast_.fill_in(target), {}, cast_.fill_in(body)));
  }

  void expect_http(const std::string& what) {
    const auto [status, body] = split_off(what);
    const auto answer = http_->read();
    REQUIRE_MESSAGE(fmt::to_string(answer.status) == status, answer.body);
    const auto difference = body.empty() ? std::nullopt : cast_.mismatch(pattern(body), answer.json());
    REQUIRE_MESSAGE(!difference, difference.value_or(""), "\n  of ", answer.body);
  }

  std::vector<std::string> settings_;
  std::unique_ptr<running_node> node_;
  std::unique_ptr<http_client> http_;
  std::map<std::string, client> clients_;
  captures cast_;
};

} // namespace

void run_transcript(const std::filesystem::path& file) {
  std::ifstream in{file};
  REQUIRE_MESSAGE(in, "cannot read ", file.string());
  performance stage;
  int number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    if (line.empty() || line.starts_with('#')) continue;
    INFO(file.filename().string(), ":", number, ": ", line);
    stage.perform(line);
  }
}

} // namespace parley::tests

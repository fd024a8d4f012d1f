#include <memory>
#include <string>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>

#include "tools/parleyctl/commands.hpp"
#include "tools/parleyctl/listing.hpp"
#include "tools/parleyctl/question.hpp"
#include "tools/parleyctl/requests.hpp"

namespace parley::ctl {

namespace json = boost::json;

namespace {

struct history_options {
  connect_options connection{.timeout_seconds = answer_seconds};
  std::string of;
  history_place place;
  std::optional<unsigned> limit;
};

int run(const history_options& options) {
  const auto make_request = [&](const account& self) -> result<json::object> {
    const auto conversation = conversation_meant(self.user, options.of);
    if (!conversation) return fail(conversation.error());
    return history_request(*conversation, options.place, options.limit);
  };
  return ask_and_print(options.connection, make_request,
                       [](const json::object& answer) { print_items(answer, entry_line); });
}

} // namespace

void declare_history(CLI::App& program, command_list& commands) {
  const auto options = std::make_shared<history_options>();
  auto* const history = program.add_subcommand("history", "Read a conversation: its newest entries, or others");
  history->add_option("CONVERSATION", options->of, "Id of a conversation, or the other user")->required();
  declare_connection(*history, options->connection);
  auto* const before = history->add_option("--before", options->place.before, "Entries before this number");
  auto* const after = history->add_option("--after", options->place.after, "Entries after this number");
  auto* const around = history->add_option("--around", options->place.around, "Entries around this number");
  before->excludes(after)->excludes(around);
  after->excludes(around);
  history->add_option("--limit", options->limit, "So many entries at most (50, up to 200)");
  commands.push_back({history, [options] { return run(*options); }});
}

} // namespace parley::ctl

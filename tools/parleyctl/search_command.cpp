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

struct search_options {
  connect_options connection{.timeout_seconds = answer_seconds};
  std::string text;
  std::string in;
  std::optional<unsigned> limit;
};

int run(const search_options& options) {
  const auto make_request = [&](const account& self) -> result<json::object> {
    if (options.in.empty()) return search_request(options.text, {}, options.limit);
    const auto conversation = conversation_meant(self.user, options.in);
    if (!conversation) return fail(conversation.error());
    return search_request(options.text, *conversation, options.limit);
  };
  return ask_and_print(options.connection, make_request,
                       [](const json::object& answer) { print_items(answer, found_line); });
}

} // namespace

void declare_search(CLI::App& program, command_list& commands) {
  const auto options = std::make_shared<search_options>();
  auto* const search = program.add_subcommand("search", "Find messages by their words, the newest first");
  search->add_option("TEXT", options->text, "What to look for")->required();
  declare_connection(*search, options->connection);
  search->add_option("--in", options->in, "Only in this conversation: its id, or the other user");
  search->add_option("--limit", options->limit, "So many messages at most (up to 100)");
  commands.push_back({search, [options] { return run(*options); }});
}

} // namespace parley::ctl

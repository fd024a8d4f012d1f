#include <memory>
#include <utility>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>

#include "tools/parleyctl/client_call.hpp"
#include "tools/parleyctl/commands.hpp"
#include "tools/parleyctl/json_fields.hpp"
#include "tools/parleyctl/listing.hpp"
#include "tools/parleyctl/outcome.hpp"
#include "tools/parleyctl/question.hpp"
#include "tools/parleyctl/requests.hpp"

namespace parley::ctl {

namespace json = boost::json;

namespace {

// The pages of the list as one.
result<json::object> ask_for_all(client_call& call) {
  json::array items;
  auto request = conversations_request();
  while (true) {
    auto page = call.ask(request);
    if (!page) return fail(page.error());
    if (auto* const found = page->if_contains("items"); found != nullptr && found->is_array())
      for (auto& item : found->get_array()) items.push_back(std::move(item));
    const auto next = text_in(*page, "next");
    if (next.empty()) return json::object{{"type", "conversations"}, {"items", std::move(items)}};
    request["after"] = next;
  }
}

int run(const connect_options& options) {
  const auto self = read_account(options);
  if (!self) return tell(self.error());
  client_call call{*self, deadline_of(options)};
  const auto answer = ask_for_all(call);
  if (!answer) return tell(answer.error());
  return print_answer(options, *answer, [](const json::object& all) { print_items(all, conversation_line); });
}

} // namespace

void declare_conversations(CLI::App& program, command_list& commands) {
  const auto options = std::make_shared<connect_options>(connect_options{.timeout_seconds = answer_seconds});
  auto* const conversations = program.add_subcommand("conversations", "List your conversations, the newest first");
  declare_connection(*conversations, *options);
  commands.push_back({conversations, [options] { return run(*options); }});
}

} // namespace parley::ctl

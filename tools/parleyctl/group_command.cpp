#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>

#include "tools/parleyctl/commands.hpp"
#include "tools/parleyctl/entry_text.hpp"
#include "tools/parleyctl/json_fields.hpp"
#include "tools/parleyctl/outcome.hpp"
#include "tools/parleyctl/question.hpp"
#include "tools/parleyctl/requests.hpp"

namespace parley::ctl {

namespace json = boost::json;

namespace {

struct group_options {
  connect_options connection{.timeout_seconds = answer_seconds};
  std::string conversation, title, user, role;
  std::vector<std::string> users;
};

using make_from_options = json::object (*)(const group_options&);

int run(const group_options& options, make_from_options make_request) {
  // A new group is told by its id, anything else by the id of the entry that says it.
  const auto print = [](const json::object& answer) {
    print_line(printable(text_in(answer, text_in(answer, "type") == "ack" ? "id" : "conversation")));
  };
  return ask_and_print(
      options.connection, [&](const account&) { return make_request(options); }, print);
}

// The commands in `group`. Each has options of its own, so that none finds the words of another.
class group_words {
public:
  group_words(CLI::App& program, command_list& commands)
      : group_{*program.add_subcommand("group", "Make and change groups")}, commands_{commands} {
    group_.require_subcommand(1);
  }

  struct added {
    CLI::App* words;
    std::shared_ptr<group_options> options;
  };

  added add(const char* name, const char* about, make_from_options make_request) {
    auto options = std::make_shared<group_options>();
    auto* const words = group_.add_subcommand(name, about);
    declare_connection(*words, options->connection);
    commands_.push_back({words, [options, make_request] { return run(*options, make_request); }});
    return {words, std::move(options)};
  }

  added add_for_one(const char* name, const char* about, make_from_options make_request) {
    auto made = add(name, about, make_request);
    made.words->add_option("CONVERSATION", made.options->conversation, "Id of the group")->required();
    return made;
  }

private:
  CLI::App& group_;
  command_list& commands_;
};

json::object make_create(const group_options& from) { return create_request(from.title, from.users); }
json::object make_add(const group_options& from) { return members_request("add", from.conversation, from.users); }
json::object make_remove(const group_options& from) { return members_request("remove", from.conversation, from.users); }
json::object make_leave(const group_options& from) { return leave_request(from.conversation); }
json::object make_role(const group_options& from) { return role_request(from.conversation, from.user, from.role); }
json::object make_rename(const group_options& from) { return rename_request(from.conversation, from.title); }

} // namespace

void declare_group(CLI::App& program, command_list& commands) {
  group_words group{program, commands};

  const auto create = group.add("create", "Make a group and print its id", make_create);
  create.words->add_option("TITLE", create.options->title, "Its title")->required();
  create.words->add_option("MEMBER", create.options->users, "Members beside you");

  const auto add = group.add_for_one("add", "Add members", make_add);
  add.words->add_option("USER", add.options->users, "Whom to add")->required();

  const auto remove = group.add_for_one("remove", "Remove members", make_remove);
  remove.words->add_option("USER", remove.options->users, "Whom to remove")->required();

  group.add_for_one("leave", "Leave a group", make_leave);

  const auto role = group.add_for_one("role", "Say what a member may do", make_role);
  role.words->add_option("USER", role.options->user, "The member")->required();
  role.words->add_option("ROLE", role.options->role, "owner, admin, member or reader")->required();

  const auto rename = group.add_for_one("rename", "Give a group another title", make_rename);
  rename.words->add_option("TITLE", rename.options->title, "Its new title")->required();
}

} // namespace parley::ctl

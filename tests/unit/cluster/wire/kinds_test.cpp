#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>

#include "cluster/wire/protocol.hpp"
#include "tests/unit/cluster/wire/travelling.hpp"

namespace parley::tests {

using namespace cluster::wire;

namespace {

/// What actors are sent and never goes to another node.
const std::set<std::string> at_home{
    "client_asked", "link_detached", "link_attached",     "link_closed", "entries_needed", "hole_due", // sessions
    "write_log",    "write_outcome", "run_blocking",                                                   // storage
    "look_around",  "rest_check",    "look_at_deadlines", "wind_up",                                   // to itself
};

/// The names of all messages that `actors/messages.hpp` announces to CAF.
std::set<std::string> announced() {
  std::ifstream file{PARLEY_ACTOR_MESSAGES};
  const std::string text{std::istreambuf_iterator<char>{file}, {}};
  const std::regex line{R"(CAF_ALLOW_UNSAFE_MESSAGE_TYPE\((?:parley::)(?:actors::)?(\w+)\))"};
  std::set<std::string> names;
  for (std::sregex_iterator found{text.begin(), text.end(), line}, end; found != end; ++found)
    names.insert((*found)[1]);
  return names;
}

std::set<std::string> named_kinds() {
  std::set<std::string> names;
  for (std::uint32_t number = 0; number < 1'000; ++number)
    if (const auto name = name_of(static_cast<message_kind>(number)); !name.empty()) names.emplace(name);
  return names;
}

} // namespace

TEST_CASE("wire: every kind has a number below the end of all, and is looked at by these tests") {
  std::set<std::uint32_t> rows;
  for (const auto& one : all_travelling()) CHECK(rows.insert(static_cast<std::uint32_t>(one.kind)).second);
  for (std::uint32_t number = 0; number < 1'000; ++number) {
    CAPTURE(number);
    CHECK(name_of(static_cast<message_kind>(number)).empty() == !rows.contains(number));
    if (number >= kinds_end) CHECK(!rows.contains(number));
  }
}

TEST_CASE("wire: of every message of actors it is known whether it travels") {
  const auto names = announced();
  const auto kinds = named_kinds();
  CHECK(names.size() > 25);
  for (const auto& name : names) {
    CAPTURE(name);
    CHECK(kinds.contains(name) != at_home.contains(name));
  }
  for (const auto& name : at_home) {
    CAPTURE(name);
    CHECK(names.contains(name));
  }
}

TEST_CASE("wire: a request is answered by its own answer or an error, and what is told by nothing") {
  CHECK(may_answer(message_kind::append_entry, message_kind::entry_appended));
  CHECK(may_answer(message_kind::append_entry, message_kind::error));
  CHECK_FALSE(may_answer(message_kind::append_entry, message_kind::completed));
  CHECK(may_answer(message_kind::move_position, message_kind::completed));
  CHECK_FALSE(may_answer(message_kind::move_position, message_kind::entry_appended));
  CHECK_FALSE(may_answer(message_kind::end_focus, message_kind::completed));
  CHECK_FALSE(may_answer(message_kind::fan_out, message_kind::error));
  CHECK_FALSE(may_answer(message_kind{77}, message_kind::error));
}

TEST_CASE("wire: a kind that is not known is named by its number") {
  CHECK(to_string(message_kind::append_entry) == "append_entry");
  CHECK(to_string(message_kind{77}) == "kind 77");
}

TEST_CASE("wire: two versions of the protocol meet at the newest that both speak, or not at all") {
  CHECK(common_version({1, 1}, {1, 1}) == 1);
  CHECK(common_version({1, 2}, {2, 3}) == 2);
  CHECK(common_version({2, 3}, {1, 2}) == 2);
  CHECK(common_version({1, 4}, {2, 3}) == 3);
  CHECK_FALSE(common_version({1, 1}, {2, 3}));
  CHECK_FALSE(common_version({2, 3}, {1, 1}));
  CHECK(common_version(spoken_versions, spoken_versions) == spoken_versions.newest);
}

} // namespace parley::tests

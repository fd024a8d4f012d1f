#include "tests/system/running_node.hpp"

#include <fmt/format.h>

namespace parley::tests {

namespace {

std::vector<std::string> with_secret(std::vector<std::string> settings) {
  settings.insert(settings.begin(), fmt::format("auth.jwt.hs256_secret={}", shared_secret));
  return settings;
}

} // namespace

running_node::running_node(std::vector<std::string> settings)
    : process{{.settings = with_secret(std::move(settings))}} {
  process.start();
}

std::string running_node::token(const std::string& user) const { return hs256_token({.user = user}, shared_secret); }

client running_node::connect(const std::string& user, const std::string& query) const {
  return {url(), {.query = query, .headers = {{"Authorization", "Bearer " + token(user)}}, .authority = authority}};
}

client running_node::online(const std::string& user, const std::string& query) const {
  auto connected = connect(user, query);
  connected.collect_until(of_type("synced"));
  return connected;
}

void running_node::introduce(const std::vector<std::string>& users) const {
  for (const auto& user : users) (void)online(user);
}

} // namespace parley::tests

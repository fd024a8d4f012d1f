/// What the stores in memory hold. Everything behind one mutex, so each call is a transaction.

#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <parley/stores.hpp>

namespace parley::persistence::memory {

struct conversation {
  std::optional<conversation_record> record;
  /// Entry `seq` at index `seq - 1`.
  std::vector<entry> log;
  std::map<user_id, member> members;
  std::map<std::pair<user_id, client_id>, seq_no> clients;

  [[nodiscard]] seq_no head() const { return log.size(); }
  /// A conversation begins with its first entry.
  [[nodiscard]] bool exists() const { return record && !log.empty(); }
};

struct known_device {
  timestamp last_used{};
  std::string push;
  std::map<conversation_id, seq_no> cursors;
};

enum class token_state { usable, used, revoked };

struct refresh_token {
  refresh_grant grant;
  token_state state = token_state::usable;
};

struct kept_file {
  stored_file file;
  std::string content;
  /// The conversations that it was sent to.
  std::set<conversation_id> conversations;
};

struct known_node {
  cluster_node node;
  std::uint64_t beat = 0;
};

/// What stands at `key`, or something empty.
template <class Map>
[[nodiscard]] const typename Map::mapped_type& look_up(const Map& in, const typename Map::key_type& key) {
  static const typename Map::mapped_type nothing{};
  const auto found = in.find(key);
  return found == in.end() ? nothing : found->second;
}

struct state {
  std::mutex mutex;
  std::map<conversation_id, conversation> conversations;
  /// The conversations that a user is or was a member of.
  std::map<user_id, std::set<conversation_id>> memberships;
  std::map<user_id, std::map<device_id, known_device>> devices;
  std::map<user_id, account> accounts;
  std::map<user_id, timestamp> last_seen;
  std::map<token_digest, refresh_token> refresh_tokens;
  std::map<user_id, std::set<user_id>> blocked;
  std::map<std::pair<user_id, device_id>, timestamp> revoked;
  std::map<file_id, kept_file> files;
  std::uint64_t view_version = 0;
  std::map<node_id, known_node> nodes;
};

[[nodiscard]] std::shared_ptr<log_store> make_log_store(std::shared_ptr<state> state);
[[nodiscard]] std::shared_ptr<account_store> make_account_store(std::shared_ptr<state> state);
[[nodiscard]] std::shared_ptr<device_store> make_device_store(std::shared_ptr<state> state);
[[nodiscard]] std::shared_ptr<file_store> make_file_store(std::shared_ptr<state> state);
[[nodiscard]] std::shared_ptr<node_store> make_node_store(std::shared_ptr<state> state);

} // namespace parley::persistence::memory

/// The client ids lately written to a conversation, so that most repetitions are answered from memory. What is not here
/// may still be in the log. Bounded; not thread-safe.

#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <unordered_map>

#include <parley/model.hpp>

namespace parley {

/// Where a request was written first.
struct written {
  seq_no seq = 0;
  timestamp at{};
  fingerprint print{};
};

class recent_clients {
public:
  explicit recent_clients(std::size_t ids_max = 256) : ids_max_{ids_max} {}

  void remember(const user_id& author, const client_id& client, const written& where);
  [[nodiscard]] std::optional<written> find(const user_id& author, const client_id& client) const;

private:
  struct key {
    user_id author;
    client_id client;
    friend bool operator==(const key&, const key&) = default;
  };
  struct key_hash {
    std::size_t operator()(const key& k) const noexcept {
      return std::hash<user_id>{}(k.author) * 31 + std::hash<client_id>{}(k.client);
    }
  };

  std::size_t ids_max_;
  std::unordered_map<key, written, key_hash> known_;
  std::deque<key> order_;
};

} // namespace parley

/// Attachments: in, and out to those who may read them.

#pragma once

#include <memory>

#include <parley/clock.hpp>
#include <parley/file_store.hpp>

#include "net/rest/gate.hpp"
#include "net/rest/router.hpp"
#include "net/rest/transfer_room.hpp"

namespace parley::net {

struct file_limits {
  std::size_t bytes_max = std::size_t{25} << 20;
  transfer_limits transfers;
};

/// Any thread. `time` outlives it, and it outlives the rows.
class file_routes {
public:
  file_routes(std::shared_ptr<file_store> store, const clock& time, const file_limits& limits);

  void add_to(router& table, gate& door);

private:
  [[nodiscard]] result<body_room> admit(const user_id& user, std::optional<std::uint64_t> length);
  [[nodiscard]] result<http_response> upload(const api_call& call) const;
  [[nodiscard]] result<http_response> download(const api_call& call);
  /// The content, with the room that it takes.
  [[nodiscard]] result<std::shared_ptr<const std::string>> content_of(const stored_file& file, const user_id& reader);

  std::shared_ptr<file_store> store_;
  const clock& time_;
  file_limits limits_;
  transfer_room transfers_;
};

} // namespace parley::net

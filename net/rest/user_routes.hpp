/// The own profile, and those of others.

#pragma once

#include <memory>

#include <parley/account_store.hpp>

#include "net/rest/gate.hpp"
#include "net/rest/router.hpp"

namespace parley::net {

/// Any thread. Outlives the rows.
class user_routes {
public:
  explicit user_routes(std::shared_ptr<account_store> store) : store_{std::move(store)} {}

  void add_to(router& table, gate& door);

private:
  [[nodiscard]] result<http_response> self(const api_call& call) const;
  [[nodiscard]] result<http_response> rename(const api_call& call) const;
  [[nodiscard]] result<http_response> find(const api_call& call) const;
  [[nodiscard]] result<http_response> search(const api_call& call) const;
  [[nodiscard]] result<account> account_of(const user_id& user) const;

  std::shared_ptr<account_store> store_;
};

} // namespace parley::net

/// The way in for everybody who needs a token.

#pragma once

#include <memory>
#include <mutex>
#include <unordered_set>

#include <parley/account_store.hpp>
#include <parley/clock.hpp>

#include "net/auth/token_verifier.hpp"
#include "net/auth/work_pool.hpp"
#include "net/rest/api_call.hpp"

namespace parley::net {

/// Answers a request on a thread that may wait for stores.
using api_work = std::function<result<http_response>(const api_call&)>;

/// Any thread. `tokens`, `time` and `pool` outlive it, and it outlives the handlers that it makes.
class gate {
public:
  gate(const token_verifier& tokens, std::shared_ptr<account_store> accounts, const clock& time, work_pool& pool);

  /// Where a token may stand. In the query it is for a browser's `<img>`, which can set no header.
  enum class token_place { header, header_or_query };

  /// `inside` is called for whoever has a good token. A user who comes for the first time exists by then.
  [[nodiscard]] api_handler guard(api_handler inside);
  /// The same, on the pool.
  [[nodiscard]] api_handler guard_work(api_work inside, token_place where = token_place::header);

  /// Whose token `request` carries; else `unauthenticated` or `token_expired`.
  [[nodiscard]] result<claims> check(const http_request& request, token_place where) const;

private:
  [[nodiscard]] bool is_known(const user_id& user) const;
  /// May wait for the store.
  [[nodiscard]] result<void> introduce(const user_id& user);

  const token_verifier& tokens_;
  std::shared_ptr<account_store> accounts_;
  const clock& time_;
  work_pool& pool_;
  mutable std::mutex mutex_;
  /// Users known to exist, so that not every request asks the store; forgotten when there are many.
  std::unordered_set<user_id> known_;
};

} // namespace parley::net

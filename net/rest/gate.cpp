#include "net/rest/gate.hpp"

#include <exception>

#include <spdlog/spdlog.h>

#include "net/auth/bearer_token.hpp"

namespace parley::net {

namespace {

constexpr std::size_t known_max = 65'536;

/// Somebody waits for an answer, whatever happens.
http_response answer_of(const api_work& work, const api_call& call) {
  try {
    auto done = work(call);
    return done ? std::move(*done) : error_response(done.error());
  } catch (const std::exception& why) {
    spdlog::error("{} {} failed: {}", call.request.method, call.request.target.path, why.what());
    return error_response({errc::internal, "the server could not do it", {}, {}});
  }
}

} // namespace

gate::gate(const token_verifier& tokens, std::shared_ptr<account_store> accounts, const clock& time, work_pool& pool)
    : tokens_{tokens}, accounts_{std::move(accounts)}, time_{time}, pool_{pool} {}

api_handler gate::guard(api_handler inside) {
  return [this, shared = std::make_shared<const api_handler>(std::move(inside))](std::shared_ptr<api_call> call,
                                                                                 http_answer answer) {
    auto bearer = check(call->request, token_place::header);
    if (!bearer) return answer(error_response(bearer.error()));
    call->bearer = std::move(*bearer);
    if (is_known(call->bearer.user)) return (*shared)(std::move(call), std::move(answer));
    pool_.run([this, shared, call = std::move(call), answer = std::move(answer)](result<void> may_run) {
      if (may_run) may_run = introduce(call->bearer.user);
      if (!may_run) return answer(error_response(may_run.error()));
      (*shared)(call, answer);
    });
  };
}

api_handler gate::guard_work(api_work inside, token_place where) {
  return [this, where, shared = std::make_shared<const api_work>(std::move(inside))](std::shared_ptr<api_call> call,
                                                                                     http_answer answer) {
    auto bearer = check(call->request, where);
    if (!bearer) return answer(error_response(bearer.error()));
    call->bearer = std::move(*bearer);
    pool_.run([this, shared, call = std::move(call), answer = std::move(answer)](result<void> may_run) {
      if (may_run) may_run = introduce(call->bearer.user);
      answer(may_run ? answer_of(*shared, *call) : error_response(may_run.error()));
    });
  };
}

result<claims> gate::check(const http_request& request, token_place where) const {
  if (!request.authorization.empty()) {
    const auto token = bearer_token(request.authorization);
    if (!token) return fail(errc::unauthenticated, "Authorization must be Bearer with a token");
    return tokens_.verify(*token);
  }
  if (where == token_place::header_or_query)
    if (const auto token = request.target.parameter("token")) return tokens_.verify(*token);
  return fail(errc::unauthenticated, "a token is needed, as Authorization: Bearer");
}

bool gate::is_known(const user_id& user) const {
  const std::lock_guard lock{mutex_};
  return known_.contains(user);
}

result<void> gate::introduce(const user_id& user) {
  if (is_known(user)) return {};
  if (auto exists = accounts_->ensure_exists(user, time_.now()); !exists) return exists;
  const std::lock_guard lock{mutex_};
  if (known_.size() >= known_max) known_.clear();
  known_.insert(user);
  return {};
}

} // namespace parley::net

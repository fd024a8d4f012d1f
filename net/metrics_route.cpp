#include "net/metrics_route.hpp"

#include <memory>
#include <utility>

#include "net/auth/operator_token.hpp"

namespace parley::net {

router::row metrics_row(std::string admin_token, std::function<std::string()> page) {
  return {"GET", "/metrics",
          [token = std::move(admin_token), page = std::move(page)](const std::shared_ptr<api_call>& call,
                                                                   const http_answer& answer) {
            const auto may = check_operator(call->request.authorization, token);
            if (!may) return answer(error_response(may.error()));
            answer({200, "text/plain; version=0.0.4; charset=utf-8", std::make_shared<const std::string>(page()), {}});
          }};
}

} // namespace parley::net

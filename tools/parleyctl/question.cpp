#include "tools/parleyctl/question.hpp"

#include <boost/json.hpp>

#include "tools/parleyctl/client_call.hpp"
#include "tools/parleyctl/outcome.hpp"

namespace parley::ctl {

namespace json = boost::json;

int ask_and_print(const connect_options& options, const request_maker& make_request, const answer_printer& print) {
  const auto self = read_account(options);
  if (!self) return tell(self.error());
  auto request = make_request(*self);
  if (!request) return tell(request.error());
  client_call call{*self, deadline_of(options)};
  const auto answer = call.ask(std::move(*request));
  return answer ? print_answer(options, *answer, print) : tell(answer.error());
}

int print_answer(const connect_options& options, const json::object& answer, const answer_printer& print) {
  if (options.json)
    print_line(json::serialize(answer));
  else
    print(answer);
  return done;
}

} // namespace parley::ctl

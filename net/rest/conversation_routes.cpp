#include "net/rest/conversation_routes.hpp"

#include <algorithm>

#include <parley/codec.hpp>

#include "net/upgrade.hpp"

namespace parley::net {

namespace {

/// Whether `text` is a whole number as JSON has it. Others go on as text, and the codec says what is wrong with them.
bool is_number(std::string_view text) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  return !text.empty() && text.size() <= 16 && std::all_of(text.begin(), text.end(), is_digit) &&
         (text == "0" || text.front() != '0');
}

} // namespace

conversation_routes::conversation_routes(actors::request_runner run, const content_limits& limits)
    : run_{std::move(run)}, limits_{limits} {}

void conversation_routes::add_to(router& table, gate& door) {
  table.add({"GET", "/v1/conversations", door.guard([this](const std::shared_ptr<api_call>& call, http_answer answer) {
               ask(*call, object_writer{"conversations"}, {"after", "limit"}, std::move(answer));
             })});
  table.add(
      {"GET", "/v1/conversations/{}", door.guard([this](const std::shared_ptr<api_call>& call, http_answer answer) {
         object_writer frame{"conversation"};
         frame.text("conversation", call->names.front());
         ask(*call, std::move(frame), {}, std::move(answer));
       })});
  table.add({"GET", "/v1/conversations/{}/messages",
             door.guard([this](const std::shared_ptr<api_call>& call, http_answer answer) {
               object_writer frame{"history"};
               frame.text("conversation", call->names.front());
               ask(*call, std::move(frame), {"before", "after", "around", "limit"}, std::move(answer));
             })});
  table.add({"POST", "/v1/conversations/{}/messages",
             door.guard([this](const std::shared_ptr<api_call>& call, http_answer answer) {
               send_in(*call, std::move(answer));
             })});
  table.add({"POST", "/v1/messages", door.guard([this](const std::shared_ptr<api_call>& call, http_answer answer) {
               send(*call, std::move(answer));
             })});
}

void conversation_routes::ask(const api_call& call, object_writer frame, std::initializer_list<std::string_view> fields,
                              http_answer answer) const {
  for (const auto name : fields) {
    const auto value = call.request.target.parameter(name);
    if (!value) continue;
    if (is_number(*value))
      frame.raw(name, *value);
    else
      frame.text(name, *value);
  }
  run(call.bearer, decode_frame(std::move(frame).close(), limits_).request, std::move(answer));
}

void conversation_routes::send(const api_call& call, http_answer answer) const {
  run(call.bearer, decode_send(call.request.body, std::nullopt, limits_), std::move(answer));
}

void conversation_routes::send_in(const api_call& call, http_answer answer) const {
  const auto conversation = parse_conversation_id(call.names.front());
  if (!conversation) return answer(error_response(conversation.error()));
  run(call.bearer, decode_send(call.request.body, *conversation, limits_), std::move(answer));
}

void conversation_routes::run(const claims& bearer, result<client_request> request, http_answer answer) const {
  if (!request) return answer(error_response(request.error()));
  auto device = device_of(bearer, std::nullopt);
  if (!device) return answer(error_response(device.error()));
  run_({bearer.user, std::move(*device), std::move(*request), [answer = std::move(answer)](result<std::string> frame) {
          answer(frame ? json_response(200, std::move(*frame)) : error_response(frame.error()));
        }});
}

} // namespace parley::net

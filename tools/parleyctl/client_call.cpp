#include "tools/parleyctl/client_call.hpp"

#include <algorithm>
#include <utility>

#include <boost/json.hpp>
#include <fmt/format.h>

#include "tools/client/websocket_wait.hpp"
#include "tools/parleyctl/json_fields.hpp"
#include "tools/parleyctl/refusal.hpp"

namespace parley::ctl {

namespace json = boost::json;

namespace {

constexpr std::chrono::seconds goodbye_limit{1};

instant now_steady() { return std::chrono::steady_clock::now(); }

std::string target_of(const account& self) {
  // Who asks one question wants nothing replayed, and the device's cursors stay where they are.
  std::string target = "/connect?replay=none";
  if (!self.device.value.empty()) target += "&device=" + client::percent_encode(self.device.value);
  return target;
}

} // namespace

client_call::client_call(account self, instant deadline) : self_{std::move(self)}, deadline_{deadline} {}

client_call::~client_call() {
  if (!socket_ || !socket_->is_open()) return;
  socket_->send_close(1000);
  socket_->flush();
  const auto end = std::min(deadline_, now_steady() + goodbye_limit);
  while (!socket_->has_ended() && now_steady() < end) client::wait_for(socket_.get(), end, scratch_);
}

result<json::object> client_call::ask(json::object request) {
  if (!socket_) {
    if (const auto connected = connect(); !connected) return fail(connected.error());
  }
  ref_ = std::to_string(++last_ref_);
  request["ref"] = ref_;
  const auto text = json::serialize(request);
  while (true) {
    socket_->send_text(text);
    socket_->flush();
    while (!answer_)
      if (const auto turned = turn(deadline_); !turned) return fail(turned.error());
    auto answer = *std::exchange(answer_, std::nullopt);
    if (text_in(answer, "type") != "error") {
      answer.stable_erase("ref");
      return answer;
    }
    const auto wait = asked_to_wait(answer);
    if (!wait) return fail(refusal_in(answer));
    refusal_ = refusal_in(answer).detail;
    for (const auto again = now_steady() + *wait; now_steady() < again;)
      if (const auto turned = turn(again); !turned) return fail(turned.error());
  }
}

result<void> client_call::connect() {
  auto token = self_.get_credentials().get_token();
  if (!token) return fail(token.error());
  const auto address = client::resolve(self_.server);
  if (!address) return fail(address.error());
  client::websocket_events& events = *this; // make_unique may not see a private base
  socket_ = std::make_unique<client::websocket>(events);
  if (const auto begun = socket_->connect(
          *address, {.authority = self_.server.authority(), .target = target_of(self_), .token = std::move(*token)});
      !begun)
    return begun;
  while (!is_ready_)
    if (const auto turned = turn(deadline_); !turned) return turned;
  return {};
}

result<void> client_call::turn(instant until) {
  if (failure_) return fail(*failure_);
  if (now_steady() >= deadline_)
    return fail(errc::timeout, refusal_.empty() ? "timed out" : fmt::format("timed out: {}", refusal_));
  client::wait_for(socket_.get(), std::min(until, deadline_), scratch_);
  return {};
}

void client_call::text_received(std::string_view text) {
  json::error_code trouble;
  auto value = json::parse(json::string_view{text.data(), text.size()}, trouble);
  auto* const frame = trouble ? nullptr : value.if_object();
  if (frame == nullptr) {
    failure_ = {.code = errc::bad_frame, .detail = "the server sent what is not a JSON object"};
    return;
  }
  const auto type = text_in(*frame, "type");
  if (type == "welcome") {
    if (const auto user = text_in(*frame, "user"); user != self_.user.value)
      failure_ = {.code = errc::unauthenticated,
                  .detail = fmt::format("the token belongs to {}, not to {}", user, self_.user.value)};
  } else if (type == "synced") {
    is_ready_ = true;
  } else if (!ref_.empty() && text_in(*frame, "ref") == ref_) {
    answer_ = std::move(*frame);
  }
}

void client_call::ended(const client::ending& how) {
  failure_ = {.code = errc::unavailable, .detail = fmt::format("{}: {}", self_.server.text(), ending_text(how))};
}

} // namespace parley::ctl

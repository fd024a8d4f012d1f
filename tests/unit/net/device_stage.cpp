#include "tests/unit/net/device_stage.hpp"

#include "persistence/open.hpp"

namespace parley::tests {

namespace {

class played_session final : public actors::session_handle {
public:
  explicit played_session(asked_session& asked) : asked_{asked} {}

  void ask(actors::client_asked frame) override { asked_.requests.push_back(std::move(frame)); }
  void need(actors::entries_needed hole) override { asked_.holes.push_back(std::move(hole)); }
  void detached() override { ++asked_.detached; }
  void attached() override { ++asked_.attached; }
  void closed() override { asked_.closed = true; }

private:
  asked_session& asked_;
};

settings test_settings() {
  settings config;
  config.auth.jwt.hs256_secret = "a secret";
  config.limits.in_flight = 2;
  config.limits.bad_frames = 3;
  config.limits.frame_rate = {.per_second = 10, .burst = 20};
  return config;
}

} // namespace

void played_socket::close(actors::close_code code, std::string_view reason) {
  closed = code;
  close_reason = reason;
}

void played_socket::close_now(actors::close_code code, std::string_view reason) {
  close(code, reason);
  closed_now = true;
}

device_stage::device_stage()
    : config{test_settings()},
      issuer{config.auth, time},
      tokens{*net::token_verifier::make(config.auth.jwt, time)},
      users{config.auth, milliseconds{1'000}, persistence::open_memory()->accounts, time},
      pages{config.limits, {}, time, users, {}, [] { return true; }},
      edge{config,
           time,
           tokens,
           pages,
           addresses,
           [this](actors::session_opening opening) -> std::unique_ptr<actors::session_handle> {
             session.opening = std::move(opening);
             ++session.opened;
             return std::make_unique<played_session>(session);
           },
           "node-1"},
      worker{time, milliseconds{250}} {}

device_stage::~device_stage() {
  edge.sessions.stop();
  for (const auto& one : devices)
    if (const auto open = one.lock()) open->end();
  edge.sessions.end_all();
}

void device_stage::connect(net::upgrade plan) {
  auto made =
      std::make_shared<net::device_connection>(socket, std::move(plan), *addresses.enter("10.0.0.1", 0), worker, edge);
  device = made;
  devices.push_back(made);
  made->start();
  made->on_open();
}

void device_stage::connect_as(const std::string& user) {
  net::upgrade plan;
  plan.bearer = *tokens.verify(token_of(user));
  connect(std::move(plan));
}

net::resume_ticket device_stage::go_online() {
  connect_as("ann");
  link().greet();
  link().end_replay("synced");
  run_posted();
  const auto welcome = socket->take().at(0);
  const auto text_of = [&](std::string_view name) {
    const auto from = welcome.find(name) + name.size();
    return welcome.substr(from, welcome.find('"', from) - from);
  };
  return {text_of(R"("session":")"), text_of(R"("resumeKey":")"), 0};
}

void device_stage::come_back(net::resume_ticket ticket) {
  socket = std::make_shared<played_socket>();
  net::upgrade plan;
  plan.bearer = *tokens.verify(token_of("ann"));
  plan.resume = std::move(ticket);
  connect(std::move(plan));
  run_posted();
}

void device_stage::say(std::string_view text) {
  const auto open = device.lock();
  if (!open || !std::exchange(socket->is_reading, false)) return;
  open->on_frame(text, true);
}

void device_stage::run_posted() {
  worker.io().restart();
  worker.io().poll();
}

void device_stage::pass(milliseconds by) {
  time.advance(by);
  worker.tick();
}

std::string device_stage::token_of(const std::string& user, std::optional<device_id> device_name) const {
  return issuer.mint(user_id{user}, device_name).text;
}

} // namespace parley::tests

#include "tests/system/random_device.hpp"

#include <iterator>

#include <fmt/format.h>

#include "tests/system/chat.hpp"

namespace parley::tests {

namespace {

/// Frames that a complaint shows.
constexpr std::size_t recent_max = 12;

} // namespace

random_device::random_device(random_world& world, std::string user, std::string device)
    : world_{world}, user_{std::move(user)}, device_{std::move(device)} {
  connect();
  while (!is_synced_) take(connection_->next());
}

std::size_t random_device::pick(std::size_t count) { return world_.random() % count; }

void random_device::connect() {
  connection_.emplace(world_.node.connect(user_, "?device=" + device_));
  last_s_ = 0;
  recent_.clear();
  is_synced_ = false;
  last_seq_.clear();
  open_.clear();
  last_accepted_.clear();
  last_receipt_.clear();
}

void random_device::act() {
  if (!connection_) {
    if (pick(8) == 0) connect();
    return;
  }
  // An ack that takes the place of a push may come before the replay has reached that place.
  if (!is_synced_) return;
  const auto what = pick(100);
  if (what < 60)
    write();
  else if (what < 72)
    repeat();
  else if (what < 96)
    move_position();
  else if (what < 97)
    found_group();
  else if (what < 98)
    lose_connection();
}

void random_device::write() {
  open_request sent{.text = fmt::format("{} {}", name(), ++written_), .number = written_, .echo = pick(4) != 0};
  if (pick(3) != 0) sent.client_id = new_client_id();
  std::vector<std::string> own;
  for (const auto& [conversation, members] : world_.conversations)
    if (members.contains(user_)) own.push_back(conversation);
  auto request = send_to(world_.users[pick(world_.users.size())], sent.text, sent.client_id);
  if (!own.empty() && pick(3) != 0) request = send_in(own[pick(own.size())], sent.text, sent.client_id);
  if (!sent.echo) request.insert(request.size() - 1, R"(,"echo":false)");
  if (!sent.client_id.empty()) unacknowledged_[sent.client_id] = {request, sent.text};
  const auto ref = connection_->post(request);
  open_.emplace(ref, std::move(sent));
}

void random_device::repeat() {
  const auto& from = pick(2) == 0 || acknowledged_.empty() ? unacknowledged_ : acknowledged_;
  if (from.empty()) return;
  const auto& [client_id, message] = *std::next(from.begin(), static_cast<std::ptrdiff_t>(pick(from.size())));
  const auto echo = message.request.find(R"("echo":false)") == std::string::npos;
  const auto ref = connection_->post(message.request);
  open_.emplace(ref, open_request{client_id, message.text, ++written_, echo});
}

void random_device::found_group() {
  std::vector<std::string> members;
  for (const auto& user : world_.users)
    if (pick(2) == 0) members.push_back(user);
  connection_->post(create_group(members, "group"));
}

void random_device::move_position() {
  if (heard_.empty()) return;
  const auto& [conversation, entries] = *std::next(heard_.begin(), static_cast<std::ptrdiff_t>(pick(heard_.size())));
  // Up to where it has everything.
  std::int64_t last = 0;
  for (const auto& [seq, _] : entries)
    if (seq == last + 1) last = seq;
  if (last > 0) connection_->send(position(pick(3) == 0 ? "read" : "received", conversation, last));
}

void random_device::listen() {
  if (!connection_) return;
  for (const auto& frame : connection_->poll()) take(frame);
}

void random_device::catch_up() {
  if (!connection_) connect();
  while (!is_synced_ || !open_.empty()) take(connection_->next());
  for (const auto& [client_id, message] : std::map{unacknowledged_}) {
    const auto ref = connection_->post(message.request);
    const auto echo = message.request.find(R"("echo":false)") == std::string::npos;
    open_.emplace(ref, open_request{client_id, message.text, ++written_, echo});
    while (open_.contains(ref)) take(connection_->next());
  }
  for (const auto& frame : connection_->drain()) take(frame);
}

void random_device::take(const json& frame) {
  const auto type = frame["type"].text();
  recent_.push_back(frame.dump());
  if (recent_.size() > recent_max) recent_.pop_front();
  if (frame["s"].exists() && frame["s"] != ++last_s_) complain(fmt::format("s is not {}", last_s_));
  if (type == "message" || type == "member") return take_entry(frame);
  if (type == "ack") return take_ack(frame);
  if (type == "synced") is_synced_ = true;
  if (type == "receipt") {
    auto& last = last_receipt_[fmt::format("{} {} {}", frame["conversation"].text(), frame["user"].text(),
                                           frame["status"].text())];
    if (frame["seq"].number() < last) complain("a position fell");
    last = frame["seq"].number();
  }
  if (type == "lag" || type == "gap") complain("nobody is slow here");
  if (type != "error") return;
  const auto request = frame["ref"].exists() ? open_.find(frame["ref"].text()) : open_.end();
  // A message to oneself is the only thing that these devices do wrong.
  if (frame["code"] != "invalid_argument" || frame["field"] != "to") return complain("an error");
  if (request == open_.end()) return complain("an error for nobody");
  unacknowledged_.erase(request->second.client_id);
  open_.erase(request);
}

void random_device::take_ack(const json& ack) {
  const auto found = open_.find(ack["ref"].text());
  if (found == open_.end()) return complain("an ack for nobody");
  const auto request = found->second;
  open_.erase(found);
  const auto conversation = ack["conversation"].text();
  const auto seq = ack["seq"].number();
  if (!request.client_id.empty()) {
    const auto message = acknowledged_.find(request.client_id);
    if (message != acknowledged_.end() && (message->second.seq != seq || message->second.conversation != conversation))
      complain("a repetition got another place");
    if (message != acknowledged_.end() && ack["duplicate"] == false) complain("a repetition was new");
    auto moved = unacknowledged_.extract(request.client_id);
    if (!moved.empty()) {
      moved.mapped().conversation = conversation;
      moved.mapped().seq = seq;
      acknowledged_.insert(std::move(moved));
    }
  }
  if (ack["duplicate"] == true) return;

  auto& [number, last] = last_accepted_[conversation];
  if (request.number > number ? seq <= last : seq >= last && last != 0) complain("not in the order of sending");
  if (request.number > number) number = request.number, last = seq;
  if (request.echo) return;
  // The ack takes the place of the push.
  follow(conversation, seq);
  note(conversation, seq, {user_, request.text});
}

void random_device::take_entry(const json& entry) {
  const auto conversation = entry["conversation"].text();
  const auto from = entry["from"].text();
  follow(conversation, entry["seq"].number());
  note(conversation, entry["seq"].number(), {from, entry["text"].is_text() ? entry["text"].text() : ""});
  auto& members = world_.conversations[conversation];
  members.insert({user_, from});
  for (const auto& user : entry["users"].items()) members.insert(user.text());
}

void random_device::follow(const std::string& conversation, std::int64_t seq) {
  const auto [last, is_first] = last_seq_.try_emplace(conversation, seq);
  if (!is_first && seq != last->second + 1)
    complain(fmt::format("{} came behind {} of {}", seq, last->second, conversation));
  last->second = seq;
}

void random_device::note(const std::string& conversation, std::int64_t seq, heard_entry what) {
  const auto [place, is_new] = heard_[conversation].try_emplace(seq, what);
  if (!is_new && place->second != what)
    complain(fmt::format("{} of {} was {} and is {}", seq, conversation, place->second.text, what.text));
}

void random_device::complain(const std::string& what) {
  auto problem = fmt::format("{}: {}, after", name(), what);
  for (const auto& frame : recent_) problem += "\n    " + frame;
  world_.problems.push_back(std::move(problem));
}

} // namespace parley::tests

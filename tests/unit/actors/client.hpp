/// A connected device as a test sees it: it says frames, and what its session does with its connection is written down.
///
/// `welcome`, `replay 3-5`, `synced …`, `push 6`, `ack r 6`, `ack r 6 again`, `receipt bob read 6`, `error r
/// not_found`, `history 1-6`, `fill 4-6`, `done` for a request without an answer, `close 4504`, and any other frame as
/// it is.

#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include "actors/handles.hpp"
#include "tests/unit/actors/stage.hpp"

/// Lines are shown in failures.
template <> struct doctest::StringMaker<std::vector<std::string>> {
  static String convert(const std::vector<std::string>& lines) {
    std::string all;
    for (const auto& line : lines) all.append("\n    ").append(line);
    return all.c_str();
  }
};

namespace parley::tests {

using lines = std::vector<std::string>;

/// Writes down what is called; any thread is the test's.
class recorded_link final : public actors::client_link {
public:
  void push(live_entry_ptr item) override;
  void event(std::shared_ptr<const std::string> open_frame) override;
  void acknowledge(acknowledgement ack) override;
  void reply(std::string frame) override;
  void reply_history(std::string frame, conversation_id conversation, seq_no head) override;
  void finish() override;
  void ephemeral(std::shared_ptr<const std::string> frame) override;
  void hint(conversation_id conversation, seq_no head) override;
  void focus(conversation_id conversation, seq_no head) override;
  void unfocus(conversation_id conversation) override;
  void refuse(std::string ref, error why) override { reply(encode_error(ref, why)); }
  void greet() override;
  void replay(conversation_id conversation, seq_no cursor, std::vector<live_entry_ptr> items, seq_no head) override;
  void end_replay(std::string synced) override;
  void fill(conversation_id conversation, std::vector<live_entry_ptr> items) override;
  void close(actors::close_code code, std::string reason) override;

  lines heard;
  /// The frames of all answers, as they are.
  lines answers;
};

struct device_of {
  user_id user;
  std::string device = "phone";
  bool skip_replay = false;
};

class client {
public:
  client(stage& where, const device_of& who);
  ~client();
  client(const client&) = delete;
  client& operator=(const client&) = delete;

  void say(std::string_view frame);
  void need(const conversation_id& conversation, seq_no after) { handle_->need({conversation, after}); }
  /// Lets everybody work, then takes what was heard since the last call.
  lines take();
  /// Takes the frames of the answers.
  lines take_answers();
  /// The transport is gone.
  void leave();

  [[nodiscard]] const session_id& session() const { return session_; }

private:
  stage& stage_;
  session_id session_;
  std::shared_ptr<recorded_link> link_ = std::make_shared<recorded_link>();
  std::unique_ptr<actors::session_handle> handle_;
};

/// The text of the first field called `name`, without quotes; empty if there is none.
[[nodiscard]] std::string frame_field(std::string_view frame, std::string_view name);

/// The text of a frame of type `send`: `rest` follows the fields of its address.
[[nodiscard]] std::string send_to(const user_id& to, std::string_view rest);
[[nodiscard]] std::string send_in(const conversation_id& conversation, std::string_view rest);
/// A client id in text form.
[[nodiscard]] std::string client_number(int number);

} // namespace parley::tests

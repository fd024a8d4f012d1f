/// A WebSocket client of the protocol, driven by its test: it reads when the test waits for something, and only then.
///
/// Not thread-safe; each thread has clients of its own. What does not come in time, or cannot come because the
/// connection has ended, throws `std::runtime_error` with the frames that came instead.

#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/system/deadline.hpp"
#include "tests/system/json.hpp"

namespace parley::tests {

/// The server answered the upgrade with something else.
struct upgrade_refused : std::runtime_error {
  upgrade_refused(unsigned refused_with, std::string text);

  unsigned status;
  json body;
};

struct upgrade_options {
  /// Behind `/connect`, such as `?device=phone`.
  std::string query;
  std::vector<std::pair<std::string, std::string>> headers;
  /// Bytes that the system may keep for this client unread; 0: as many as it likes.
  int receive_buffer = 0;
  /// With `https`: PEM file of the authority that the server's certificate must come from; empty: whoever answers.
  std::string authority;
};

/// How a connection ended: the code and reason of the server's close frame; 1006 without one.
struct connection_end {
  unsigned code = 0;
  std::string reason;
};

class client {
public:
  /// Upgrades at `url`. Throws `upgrade_refused`.
  client(const std::string& url, const upgrade_options& options);
  client(client&&) noexcept;
  client& operator=(client&&) noexcept;
  /// Breaks the connection off.
  ~client();

  // Saying something. -------------------------------------------------------------------------------------------------

  void send(std::string_view text);
  void send_binary(std::string_view bytes);
  /// Bytes past the framing, straight into the socket.
  void send_raw(std::string_view bytes);
  /// A ping of the WebSocket protocol, which is no frame of ours.
  void send_control_ping();
  /// Sends the JSON object `request` with a `ref` of its own and answers the reply; other frames stay.
  json ask(std::string_view request);
  /// The same without waiting: the `ref` that the reply will carry.
  std::string post(std::string_view request);

  // Hearing something. ------------------------------------------------------------------------------------------------

  using predicate = std::function<bool(const json&)>;

  /// The next frame.
  json next(deadline until = deadline{});
  /// The same, or nothing when the connection has ended.
  json next_or_end(deadline until = deadline{});
  /// The first frame that fits, and takes it out; those before it stay.
  json wait(const predicate& fits, deadline until = deadline{});
  json wait_type(std::string_view type);
  json wait_reply(std::string_view ref);
  /// The next `count` frames that fit, in their order.
  std::vector<json> collect(std::size_t count, const predicate& fits);
  /// Every frame up to the first that fits, which is the last one.
  std::vector<json> collect_until(const predicate& last);
  /// Everything that came until the server had answered a ping: what it had to say it has said.
  std::vector<json> drain();
  /// Takes what has come, without waiting for more.
  std::vector<json> poll();

  // The end. ----------------------------------------------------------------------------------------------------------

  /// Waits for the server to end the connection; frames before that stay. Throws when it does not.
  connection_end end(deadline until = deadline{});
  [[nodiscard]] bool has_ended() const;
  /// Says goodbye with a close frame.
  void close();
  /// The value of a header in the answer to the upgrade; empty when there is none.
  [[nodiscard]] std::string upgrade_header(std::string_view name) const;

private:
  class connection;
  template <class Stream> class connection_over;

  std::unique_ptr<connection> connection_;
  std::uint64_t last_ref_ = 0;
};

[[nodiscard]] client::predicate of_type(std::string type);

} // namespace parley::tests

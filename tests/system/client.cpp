#include "tests/system/client.hpp"

#include <deque>

#include <boost/asio/buffer.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <fmt/format.h>

#include "net/beast_types.hpp"
#include "tests/system/tcp_stream.hpp"

namespace parley::tests {

namespace asio = boost::asio;
namespace http = boost::beast::http;
namespace ssl = boost::asio::ssl;
namespace websocket = boost::beast::websocket;
using boost::system::error_code;

namespace {

/// Nothing that a server sends is larger; a test that waits for more has found a defect.
constexpr std::size_t frame_bytes_max = 64 << 20;

std::string text_of(const http::response<http::string_body>& answer) { return answer.body(); }

} // namespace

upgrade_refused::upgrade_refused(unsigned refused_with, std::string text)
    : std::runtime_error{fmt::format("the upgrade was answered {}: {}", refused_with, text)},
      status{refused_with},
      body{json::parse_if(text)} {}

/// What came, and how to get more.
class client::connection {
public:
  virtual ~connection() = default;

  virtual void write(std::string_view bytes, bool is_text) = 0;
  virtual void write_raw(std::string_view bytes) = 0;
  virtual void ping() = 0;
  /// Lets a frame come; false at the deadline or when none can come any more.
  virtual bool read_one(deadline until) = 0;
  /// Takes what is there already.
  virtual void read_all_there() = 0;
  virtual void close() = 0;
  [[nodiscard]] virtual std::string header(std::string_view name) const = 0;

  [[nodiscard]] virtual bool ended() const = 0;
  [[nodiscard]] virtual const connection_end& end() const = 0;

  std::deque<json> frames;
};

/// `Stream` is a socket, or TLS on one. One read is pending whenever something is waited for.
template <class Stream> class client::connection_over final : public client::connection {
public:
  connection_over(const std::string& url, const upgrade_options& options)
      : tls_{tls_of(options)}, stream_{stream_on(io_, tls_)} {
    const auto place = authority_of(url);
    connect(place, options.receive_buffer);
    if constexpr (is_secure) stream_.next_layer().handshake(ssl::stream_base::client);
    stream_.read_message_max(frame_bytes_max);
    stream_.auto_fragment(false);
    stream_.set_option(websocket::stream_base::decorator{[&options](websocket::request_type& request) {
      for (const auto& [name, value] : options.headers) request.set(name, value);
    }});
    error_code failed;
    run([&](auto done) { stream_.async_handshake(answer_, place, "/connect" + options.query, std::move(done)); },
        failed);
    if (failed == websocket::error::upgrade_declined) throw upgrade_refused{answer_.result_int(), text_of(answer_)};
    if (failed) throw std::runtime_error{"the upgrade failed: " + failed.message()};
  }

  void write(std::string_view bytes, bool is_text) override {
    if (ended_) return;
    stream_.text(is_text);
    error_code failed;
    run([&](auto done) { stream_.async_write(asio::buffer(bytes.data(), bytes.size()), std::move(done)); }, failed);
    // A server that has closed meanwhile is noticed by whoever reads.
  }

  void write_raw(std::string_view bytes) override {
    error_code ignored;
    asio::write(stream_.next_layer(), asio::buffer(bytes.data(), bytes.size()), ignored);
  }

  void ping() override {
    error_code ignored;
    run([&](auto done) { stream_.async_ping({}, std::move(done)); }, ignored);
  }

  bool read_one(deadline until) override {
    const auto before = frames.size();
    while (frames.size() == before) {
      if (ended_) return false;
      start_reading();
      io_.restart();
      if (io_.run_one_until(until.at()) == 0) return false;
    }
    return true;
  }

  void read_all_there() override {
    for (;;) {
      if (ended_) return;
      start_reading();
      io_.restart();
      if (io_.poll_one() == 0) return;
    }
  }

  void close() override {
    if (ended_) return;
    error_code ignored;
    run([&](auto done) { stream_.async_close(websocket::close_code::normal, std::move(done)); }, ignored);
    while (reading_ && read_one(deadline{})) continue;
  }

  [[nodiscard]] bool ended() const override { return ended_.has_value(); }
  [[nodiscard]] const connection_end& end() const override { return *ended_; }
  [[nodiscard]] std::string header(std::string_view name) const override {
    const auto value = answer_[boost::beast::string_view{name.data(), name.size()}];
    return {value.data(), value.size()};
  }

private:
  static constexpr bool is_secure = !std::is_same_v<Stream, net::tcp_socket>;

  static ssl::context tls_of(const upgrade_options& options) {
    ssl::context tls{ssl::context::tls_client};
    if (options.authority.empty()) return tls;
    tls.load_verify_file(options.authority);
    tls.set_verify_mode(ssl::verify_peer);
    tls.set_verify_callback(ssl::host_name_verification{"127.0.0.1"});
    return tls;
  }

  static websocket::stream<Stream> stream_on(asio::io_context& io, ssl::context& tls) {
    if constexpr (is_secure)
      return websocket::stream<Stream>{io, tls};
    else
      return websocket::stream<Stream>{io};
  }

  void connect(const std::string& place, int receive_buffer) {
    const auto colon = place.rfind(':');
    auto& socket = boost::beast::get_lowest_layer(stream_);
    socket.open(asio::ip::tcp::v4());
    // Before the connection: its size is part of the handshake.
    if (receive_buffer > 0) socket.set_option(asio::socket_base::receive_buffer_size{receive_buffer});
    const auto port = static_cast<std::uint16_t>(std::stoul(place.substr(colon + 1)));
    socket.connect({asio::ip::make_address(place.substr(0, colon)), port});
    socket.set_option(asio::ip::tcp::no_delay{true});
  }

  void start_reading() {
    if (reading_) return;
    reading_ = true;
    stream_.async_read(buffer_, [this](error_code failed, std::size_t) { on_read(failed); });
  }

  void on_read(error_code failed) {
    reading_ = false;
    // The close frame says it all, even if the server was gone before our answer to it.
    if (const auto& why = stream_.reason(); failed && why.code != websocket::close_code::none) {
      ended_ = connection_end{why.code, std::string{why.reason.data(), why.reason.size()}};
    } else if (failed) {
      ended_ = connection_end{1006, failed.message()};
    } else {
      const auto bytes = buffer_.cdata();
      frames.push_back(json::parse({static_cast<const char*>(bytes.data()), bytes.size()}));
      buffer_.consume(buffer_.size());
    }
  }

  /// Runs one operation to its end; what is read meanwhile is kept.
  template <class Start> void run(Start start, error_code& outcome) {
    auto is_done = false;
    start([&](error_code failed, auto...) {
      outcome = failed;
      is_done = true;
    });
    const deadline until;
    while (!is_done) {
      io_.restart();
      if (io_.run_one_until(until.at()) == 0) throw std::runtime_error{"the server takes nothing"};
    }
  }

  asio::io_context io_;
  ssl::context tls_;
  websocket::stream<Stream> stream_;
  websocket::response_type answer_;
  boost::beast::flat_buffer buffer_;
  bool reading_ = false;
  std::optional<connection_end> ended_;
};

client::client(const std::string& url, const upgrade_options& options) {
  if (has_tls(url))
    connection_ = std::make_unique<connection_over<ssl::stream<net::tcp_socket>>>(url, options);
  else
    connection_ = std::make_unique<connection_over<net::tcp_socket>>(url, options);
}
client::client(client&&) noexcept = default;
client& client::operator=(client&&) noexcept = default;
client::~client() = default;

void client::send(std::string_view text) { connection_->write(text, true); }
void client::send_binary(std::string_view bytes) { connection_->write(bytes, false); }
void client::send_raw(std::string_view bytes) { connection_->write_raw(bytes); }
void client::send_control_ping() { connection_->ping(); }

std::string client::post(std::string_view request) {
  auto ref = fmt::format("ref-{}", ++last_ref_);
  send(fmt::format(R"({{"ref":"{}",{})", ref, request.substr(1)));
  return ref;
}

json client::ask(std::string_view request) { return wait_reply(post(request)); }

json client::next(deadline until) {
  return wait([](const json&) { return true; }, until);
}

json client::next_or_end(deadline until) {
  if (connection_->frames.empty()) (void)connection_->read_one(until);
  return connection_->frames.empty() && has_ended() ? json{} : next(until);
}

json client::wait(const predicate& fits, deadline until) {
  auto& frames = connection_->frames;
  for (std::size_t seen = 0;; ++seen) {
    if (seen == frames.size() && !connection_->read_one(until)) break;
    if (seen == frames.size() || !fits(frames[seen])) continue;
    auto found = frames[seen];
    frames.erase(frames.begin() + static_cast<std::ptrdiff_t>(seen));
    return found;
  }
  std::string there;
  for (const auto& frame : frames) there += "\n  " + frame.dump();
  const auto why =
      has_ended() ? fmt::format("the connection ended with {} {}", connection_->end().code, connection_->end().reason)
                  : std::string{"it did not come in time"};
  throw std::runtime_error{fmt::format("an expected frame is missing: {}. Unread:{}", why, there)};
}

json client::wait_type(std::string_view type) { return wait(of_type(std::string{type})); }

json client::wait_reply(std::string_view ref) {
  return wait([&](const json& frame) { return frame["ref"] == ref; });
}

std::vector<json> client::collect(std::size_t count, const predicate& fits) {
  std::vector<json> found;
  while (found.size() < count) found.push_back(wait(fits));
  return found;
}

std::vector<json> client::collect_until(const predicate& last) {
  std::vector<json> found;
  do found.push_back(next());
  while (!last(found.back()));
  return found;
}

std::vector<json> client::drain() {
  const auto ref = post(R"({"type":"ping"})");
  auto said = collect_until([&](const json& frame) { return frame["ref"] == ref; });
  said.pop_back();
  return said;
}

std::vector<json> client::poll() {
  connection_->read_all_there();
  std::vector<json> said{connection_->frames.begin(), connection_->frames.end()};
  connection_->frames.clear();
  return said;
}

connection_end client::end(deadline until) {
  while (!connection_->ended())
    if (!connection_->read_one(until) && !connection_->ended())
      throw std::runtime_error{"the server does not end the connection"};
  return connection_->end();
}

bool client::has_ended() const { return connection_->ended(); }

void client::close() { connection_->close(); }

std::string client::upgrade_header(std::string_view name) const { return connection_->header(name); }

client::predicate of_type(std::string type) {
  return [type = std::move(type)](const json& frame) { return frame["type"] == type; };
}

} // namespace parley::tests

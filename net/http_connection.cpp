#include "net/http_connection.hpp"

#include <boost/asio/post.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <spdlog/spdlog.h>

#include "net/upgrade.hpp"
#include "net/websocket_connection.hpp"

namespace parley::net {

namespace {

constexpr std::uint32_t header_bytes_max = 8'192;
/// Registration and log-in are small; nothing else has a body yet.
constexpr std::uint64_t body_bytes_max = 65'536;

using response = http::response<http::span_body<const char>>;

std::string text(beast::string_view view) { return {view.data(), view.size()}; }

class http_connection : public std::enable_shared_from_this<http_connection> {
public:
  http_connection(tcp_socket socket, io_worker& worker, edge& shared)
      : stream_{std::move(socket)}, worker_{worker}, shared_{shared} {
    error_code unknown;
    const auto peer = stream_.socket().remote_endpoint(unknown);
    if (!unknown) address_ = peer.address().to_string();
  }

  void start() { read_header(shared_.config.http.handshake_timeout); }

private:
  void read_header(milliseconds within) {
    parser_.emplace();
    parser_->header_limit(header_bytes_max);
    parser_->body_limit(body_bytes_max);
    stream_.expires_after(within);
    http::async_read_header(stream_, buffer_, *parser_,
                            [self = shared_from_this()](error_code failed, std::size_t) { self->on_header(failed); });
  }

  void on_header(error_code failed) {
    if (failed) return on_unreadable(failed);
    if (beast::websocket::is_upgrade(parser_->get()) && parser_->get().target().starts_with("/connect"))
      return upgrade_connection();
    stream_.expires_after(shared_.config.http.request_timeout);
    http::async_read(stream_, buffer_, *parser_,
                     [self = shared_from_this()](error_code broken, std::size_t) { self->on_request(broken); });
  }

  /// Not HTTP, too large, too slow, or gone.
  void on_unreadable(error_code failed) {
    keep_alive_ = false;
    if (failed == http::error::header_limit)
      return answer(error_response({errc::too_large, "the header is too large", {}, {}}, 431));
    if (failed == http::error::body_limit)
      return answer(error_response({errc::too_large, "the body may have 65536 bytes at most", {}, {}}));
    if (failed.category() == make_error_code(http::error::bad_method).category() && failed != http::error::end_of_stream &&
        failed != http::error::partial_message)
      return answer(error_response({errc::bad_frame, "not an HTTP/1.1 request: " + failed.message(), {}, {}}));
    finish();
  }

  void on_request(error_code failed) {
    if (failed) return on_unreadable(failed);
    auto request = parser_->release();
    keep_alive_ = request.keep_alive();
    is_head_ = request.method() == http::verb::head;
    version_ = request.version();
    auto target = parse_target({request.target().data(), request.target().size()});
    if (!target) return answer(error_response({errc::invalid_argument, "the path cannot be read", "path", {}}));

    // The answer may come late and from another thread; nothing is read meanwhile.
    stream_.expires_never();
    shared_.pages.handle({text(request.method_string()), std::move(*target), std::move(request.body()),
                          text(request[http::field::if_none_match]), address_},
                         [self = shared_from_this()](http_response done) {
                           asio::post(self->stream_.get_executor(),
                                      [self, done = std::move(done)]() mutable { self->answer(std::move(done)); });
                         });
  }

  void upgrade_connection() {
    keep_alive_ = false;
    auto request = parser_->release();
    version_ = request.version();
    const auto target = parse_target({request.target().data(), request.target().size()});
    if (!target || target->path != "/connect")
      return answer(error_response({errc::not_found, "there is no such resource", {}, {}}));
    if (request.has_content_length() || request.chunked())
      return answer(error_response({errc::bad_frame, "an upgrade has no body", {}, {}}));

    auto plan = decide_upgrade(*target,
                               {text(request[http::field::authorization]), text(request[http::field::origin]),
                                text(request[http::field::host]), text(request[http::field::sec_websocket_protocol])},
                               shared_.tokens, shared_.config.http.origins);
    if (!plan) return answer(error_response(plan.error()));
    plan->address = address_;
    if (!shared_.addresses.enter(address_, shared_.config.limits.connections_per_address))
      return answer(error_response({errc::overloaded, "too many connections from this address", {}, milliseconds{5'000}}));
    stream_.expires_never();
    serve_websocket(stream_.release_socket(), std::move(request), std::move(*plan), worker_, shared_);
  }

  void answer(http_response what) {
    body_ = what.body;
    auto reply = std::make_shared<response>();
    reply->result(what.status);
    reply->version(version_);
    reply->set(http::field::server, "parley");
    reply->set("X-Content-Type-Options", "nosniff");
    if (body_) reply->set(http::field::content_type, what.content_type);
    for (const auto& [name, value] : what.headers) reply->set(name, value);
    reply->keep_alive(keep_alive_);
    if (body_ && !is_head_) reply->body() = {body_->data(), body_->size()};
    if (what.status != 304) reply->content_length(body_ ? body_->size() : 0);

    stream_.expires_after(shared_.config.http.request_timeout);
    auto sent = [self = shared_from_this(), reply](error_code failed, std::size_t) {
      if (failed || !self->keep_alive_) return self->finish();
      self->read_header(self->shared_.config.http.idle_timeout);
    };
    if (is_head_) {
      auto header = std::make_shared<http::response_serializer<http::span_body<const char>>>(*reply);
      http::async_write_header(stream_, *header,
                               [header, sent](error_code failed, std::size_t bytes) { sent(failed, bytes); });
    } else {
      http::async_write(stream_, *reply, std::move(sent));
    }
  }

  void finish() {
    error_code ignored;
    stream_.socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
  }

  beast::basic_stream<asio::ip::tcp, io_executor> stream_;
  io_worker& worker_;
  edge& shared_;
  std::string address_;
  beast::flat_buffer buffer_;
  std::optional<http::request_parser<http::string_body>> parser_;
  std::shared_ptr<const std::string> body_;
  bool keep_alive_ = false;
  bool is_head_ = false;
  unsigned version_ = 11;
};

} // namespace

void serve_http(tcp_socket socket, io_worker& worker, edge& shared) {
  std::make_shared<http_connection>(std::move(socket), worker, shared)->start();
}

} // namespace parley::net

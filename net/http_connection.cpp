#include "net/http_connection.hpp"

#include "net/peer_address.hpp"
#include "net/plain_stream.hpp"
#include "net/poll_route.hpp"
#include "net/tls/tls_context.hpp"
#include "net/tls_stream.hpp"
#include "net/upgrade.hpp"
#include "net/websocket_connection.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/websocket/rfc6455.hpp>

namespace parley::net {

namespace {

constexpr std::uint32_t header_bytes_max = 8'192;
constexpr std::ptrdiff_t header_lines_max = 64;
/// More than a header, and all that is held of a body that has no end: Beast bounds neither the extension of a chunk
/// nor the trailer.
constexpr std::size_t buffer_bytes_max = 2 * header_bytes_max;
/// A client that reads or writes slower than this is given up.
constexpr std::size_t bytes_per_millisecond_min = 8;
/// A browser that has once come by TLS comes by nothing else for a year (RFC 6797).
constexpr std::string_view transport_security = "max-age=31536000";

milliseconds time_for(std::uint64_t bytes) {
  return milliseconds{static_cast<std::int64_t>(bytes / bytes_per_millisecond_min)};
}

using request_parser = http::request_parser<http::string_body>;
using response = http::response<http::span_body<const char>>;

std::string text(beast::string_view view) { return {view.data(), view.size()}; }

/// What a proxy before us could understand otherwise than we do (RFC 9112, sections 3.2 and 6.1), or is too much.
std::optional<http_response> refuse_header(const request_parser& parser) {
  const auto& header = parser.get();
  const auto lines = std::distance(header.begin(), header.end());
  if (lines > header_lines_max) return error_response({errc::too_large, "the header has too many lines", {}, {}}, 431);
  const auto hosts = header.count(http::field::host);
  if (hosts > 1 || (hosts == 0 && header.version() >= 11))
    return error_response({errc::bad_frame, "there must be one Host", "Host", {}});
  const auto encodings = header.count(http::field::transfer_encoding);
  const auto is_chunked = encodings == 1 && beast::iequals(header[http::field::transfer_encoding], "chunked");
  if (encodings > 0 && (!is_chunked || header.version() < 11))
    return error_response({errc::bad_frame, "this encoding is not understood", "Transfer-Encoding", {}}, 501);
  return std::nullopt;
}

http_response unreadable_path() {
  return error_response({errc::invalid_argument, "the path cannot be read", "path", {}});
}

upgrade_headers upgrade_headers_of(const upgrade_request& request) {
  return {.authorization = text(request[http::field::authorization]),
          .origin = text(request[http::field::origin]),
          .host = text(request[http::field::host]),
          .subprotocol = text(request[http::field::sec_websocket_protocol]),
          .version = text(request[http::field::sec_websocket_version]),
          .key = text(request[http::field::sec_websocket_key])};
}

/// `Stream` is a `plain_stream` or a `tls_stream`.
template <class Stream> class http_connection : public std::enable_shared_from_this<http_connection<Stream>> {
public:
  http_connection(Stream stream, io_worker& worker, edge& shared)
      : stream_{std::move(stream)}, worker_{worker}, shared_{shared} {
    error_code unknown;
    const auto peer = stream_.socket().remote_endpoint(unknown);
    if (!unknown) address_ = limit_key(peer.address());
    place_ = shared_.addresses.enter(address_, shared_.config.limits.connections_per_address);
  }

  void start() {
    if constexpr (Stream::is_secure) return shake_hands();
    if (place_) return read_header(shared_.config.http.handshake_timeout);
    answer(error_response({errc::rate_limited, "too many connections from this address", {}, milliseconds{5'000}}));
  }

private:
  void shake_hands() {
    // An answer would cost the handshake that the limit is there to save.
    if (!place_) return;
    const auto within = shared_.config.http.handshake_timeout;
    stream_.expires_after(within);
    stream_.shake_hands([self = this->shared_from_this(), within](error_code failed) {
      if (!failed) self->read_header(within);
    });
  }

  void read_header(milliseconds within) {
    keep_alive_ = false;
    is_head_ = false;
    parser_.emplace();
    parser_->header_limit(header_bytes_max);
    // Decided on when the header is there.
    parser_->body_limit(boost::none);
    stream_.expires_after(within);
    http::async_read_header(
        stream_, buffer_, *parser_,
        [self = this->shared_from_this()](error_code failed, std::size_t) { self->on_header(failed); });
  }

  void on_header(error_code failed) {
    if (failed) return on_unreadable(failed);
    const auto& header = parser_->get();
    version_ = header.version();
    if (auto refusal = refuse_header(*parser_)) return answer(std::move(*refusal));
    if (beast::websocket::is_upgrade(header) && header.target().starts_with("/connect")) return upgrade_connection();
    auto room = admit_body();
    if (!room) return answer(std::move(room.error()));
    room_ = std::move(*room);
    parser_->body_limit(room_.bytes);
    const auto is_large = room_.place != nullptr;
    stream_.expires_after(shared_.config.http.request_timeout +
                          (is_large ? time_for(parser_->content_length().value_or(room_.bytes)) : milliseconds{0}));
    if (!beast::iequals(header[http::field::expect], "100-continue") || version_ < 11) return read_body();
    static constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
    asio::async_write(stream_, asio::buffer(go_on), [self = this->shared_from_this()](error_code broken, std::size_t) {
      if (!broken) self->read_body();
    });
  }

  /// Small bodies are let in whoever sends them.
  tl::expected<body_room, http_response> admit_body() const {
    const auto& header = parser_->get();
    const auto length = parser_->content_length();
    if (length ? *length <= body_room{}.bytes : !header.chunked()) return body_room{};
    auto target = parse_target({header.target().data(), header.target().size()});
    if (!target) return tl::unexpected{unreadable_path()};
    return shared_.pages.room_for_body({.method = text(header.method_string()),
                                        .target = std::move(*target),
                                        .origin = text(header[http::field::origin]),
                                        .host = text(header[http::field::host]),
                                        .authorization = text(header[http::field::authorization])},
                                       length ? std::optional{*length} : std::nullopt);
  }

  void read_body() {
    http::async_read(stream_, buffer_, *parser_,
                     [self = this->shared_from_this()](error_code broken, std::size_t) { self->on_request(broken); });
  }

  /// Not HTTP, too large, too slow, or gone.
  void on_unreadable(error_code failed) {
    if (failed == http::error::header_limit || failed == http::error::buffer_overflow)
      return answer(error_response({errc::too_large, "the header is too large", {}, {}}, 431));
    if (failed == http::error::body_limit) return answer(error_response(body_too_large(room_.bytes)));
    const auto is_gone = failed == http::error::end_of_stream || failed == http::error::partial_message;
    if (failed.category() == make_error_code(http::error::bad_method).category() && !is_gone)
      answer(error_response({errc::bad_frame, "not an HTTP/1.1 request: " + failed.message(), {}, {}}));
  }

  void on_request(error_code failed) {
    if (failed) return on_unreadable(failed);
    auto request = parser_->release();
    keep_alive_ = request.keep_alive();
    is_head_ = request.method() == http::verb::head;
    auto target = parse_target({request.target().data(), request.target().size()});
    if (!target) return answer(unreadable_path());

    // The answer may come late and from another thread; nothing is read meanwhile.
    stream_.expires_never();
    http_request asked{.method = text(request.method_string()),
                       .target = std::move(*target),
                       .body = std::move(request.body()),
                       .if_none_match = text(request[http::field::if_none_match]),
                       .address = address_,
                       .origin = text(request[http::field::origin]),
                       .host = text(request[http::field::host]),
                       .authorization = text(request[http::field::authorization]),
                       .content_type = text(request[http::field::content_type])};
    auto later = [self = this->shared_from_this()](http_response done) {
      asio::post(self->stream_.get_executor(),
                 [self, done = std::move(done)]() mutable { self->answer(std::move(done)); });
    };
    if (asked.target.path == "/v1/poll")
      serve_poll(asked, worker_, shared_, std::move(later));
    else
      shared_.pages.handle(std::move(asked), std::move(later));
  }

  void upgrade_connection() {
    const auto length = parser_->content_length().value_or(0);
    const auto request = parser_->release();
    const auto target = parse_target({request.target().data(), request.target().size()});
    if (!target || target->path != "/connect")
      return answer(error_response({errc::not_found, "there is no such resource", {}, {}}));
    // What came early would be lost: the client is to wait for the answer (RFC 6455, section 4.1).
    if (length > 0 || request.chunked() || buffer_.size() > 0)
      return answer(error_response({errc::bad_frame, "an upgrade has no body", {}, {}}));

    const auto headers = upgrade_headers_of(request);
    if (auto refusal = refuse_handshake(headers)) return answer(std::move(*refusal));
    auto plan = decide_upgrade(*target, headers, shared_.tokens, shared_.config.http.origins);
    if (!plan) return answer(error_response(plan.error()));
    stream_.expires_never();
    serve_websocket(stream_.release_wire(), request, std::move(*plan), std::move(*place_), worker_, shared_);
  }

  void answer(http_response what) {
    room_ = {};
    body_ = what.body;
    const auto size = body_ ? body_->size() : 0;
    auto reply = std::make_shared<response>();
    reply->result(what.status);
    reply->version(version_);
    reply->set(http::field::date, http_date(shared_.time.now()));
    reply->set(http::field::server, "parley");
    reply->set("X-Content-Type-Options", "nosniff");
    if constexpr (Stream::is_secure) reply->set("Strict-Transport-Security", transport_security);
    if (body_) reply->set(http::field::content_type, what.content_type);
    for (const auto& [name, value] : what.headers) reply->set(name, value);
    reply->keep_alive(keep_alive_);
    if (body_ && !is_head_) reply->body() = {body_->data(), size};
    if (what.status != 304 && what.status != 204) reply->content_length(size);

    stream_.expires_after(shared_.config.http.request_timeout + time_for(size));
    auto sent = [self = this->shared_from_this(), reply](error_code failed, std::size_t) {
      self->body_.reset();
      if (failed) return;
      if (self->keep_alive_)
        self->read_header(self->shared_.config.http.idle_timeout);
      else
        self->finish();
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
    stream_.end_writing();
    buffer_.clear();
    stream_.expires_after(linger_time);
    linger(linger_bytes_max);
  }

  void linger(std::size_t bytes_left) {
    if (bytes_left == 0) return;
    stream_.async_read_some(buffer_.prepare(4'096),
                            [self = this->shared_from_this(), bytes_left](error_code ended, std::size_t bytes) {
                              if (!ended) self->linger(bytes_left - std::min(bytes_left, bytes));
                            });
  }

  Stream stream_;
  io_worker& worker_;
  edge& shared_;
  std::string address_;
  std::optional<address_counter::place> place_;
  beast::flat_buffer buffer_{buffer_bytes_max};
  std::optional<request_parser> parser_;
  body_room room_;
  std::shared_ptr<const std::string> body_;
  bool keep_alive_ = false;
  bool is_head_ = false;
  unsigned version_ = 11;
};

template <class Stream> void serve(Stream stream, io_worker& worker, edge& shared) {
  std::make_shared<http_connection<Stream>>(std::move(stream), worker, shared)->start();
}

} // namespace

void serve_http(tcp_socket socket, io_worker& worker, edge& shared) {
  if (!shared.tls) return serve(plain_stream{std::move(socket)}, worker, shared);
  if (auto channel = shared.tls->open_channel())
    serve(tls_stream{tls_wire{std::move(socket), std::move(channel)}}, worker, shared);
}

} // namespace parley::net

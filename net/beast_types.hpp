/// The types of Asio and Beast that the connections use. Heavy: for the sources of connections only.

#pragma once

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include <chrono>

namespace parley::net {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::system::error_code;

/// Concrete executors: the type-erased default costs a tenth of the speed.
using io_executor = asio::io_context::executor_type;
using tcp_socket = asio::basic_stream_socket<asio::ip::tcp, io_executor>;
using io_timer =
    asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, io_executor>;
using upgrade_request = http::request<http::string_body>;

/// How long, and how much, is read of what a client still sends after our last word: closing before would reset the
/// connection, and the client's system may throw that word away.
inline constexpr std::chrono::milliseconds linger_time{2'000};
inline constexpr std::size_t linger_bytes_max = 1'048'576;

} // namespace parley::net

// The sources of Asio for TLS, which only the clients of tests use; the rest of Asio is compiled in net.

#include <boost/asio/ssl/impl/src.hpp>

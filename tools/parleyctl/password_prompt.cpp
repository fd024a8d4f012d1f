#include "tools/parleyctl/password_prompt.hpp"

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include "tools/client/tcp.hpp"

namespace parley::ctl {

namespace {

// The terminal shows nothing while one of these lives.
class silence {
public:
  explicit silence(int terminal) : terminal_{terminal} {
    ::tcgetattr(terminal_, &before_);
    auto silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    ::tcsetattr(terminal_, TCSAFLUSH, &silent);
  }
  silence(const silence&) = delete;
  silence& operator=(const silence&) = delete;
  ~silence() { ::tcsetattr(terminal_, TCSAFLUSH, &before_); }

private:
  int terminal_;
  termios before_{};
};

void say(int terminal, std::string_view text) {
  // A terminal that does not take a few bytes will not give any either.
  [[maybe_unused]] const auto written = ::write(terminal, text.data(), text.size());
}

} // namespace

result<std::string> ask_for_password(const std::string& question) {
  const client::descriptor terminal{::open("/dev/tty", O_RDWR | O_CLOEXEC)};
  if (!terminal.is_open())
    return fail(
        errc::unauthenticated,
        "no password: give --password-file, PARLEY_PASSWORD, --token or --secret-file where there is no terminal");
  say(terminal.number(), question);
  std::string password;
  {
    const silence while_typing{terminal.number()};
    for (char c = 0; ::read(terminal.number(), &c, 1) == 1 && c != '\n';) password.push_back(c);
  }
  say(terminal.number(), "\n");
  if (password.empty()) return fail(errc::unauthenticated, "no password was given");
  return password;
}

} // namespace parley::ctl

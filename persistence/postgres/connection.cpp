#include "persistence/postgres/connection.hpp"

#include <algorithm>
#include <string_view>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>
#include <libpq-fe.h>
#include <pqxx/connection>
#include <pqxx/errorhandler>
#include <pqxx/nontransaction>
#include <pqxx/prepared_statement>

#include "persistence/postgres/failure.hpp"

namespace parley::persistence::postgres {

/// The members end in reverse order, the connection last. Transactions are begun and ended by statements, so that the
/// pool decides alone what is repeated.
struct connection::link {
  explicit link(const std::string& settings) : line{settings}, quiet{line}, session{line} {}

  pqxx::connection line;
  pqxx::quiet_errorhandler quiet;
  pqxx::nontransaction session;
  std::unordered_map<std::string, std::string> prepared;
  std::size_t sent = 0;
  bool lost = false;
  bool in_the_way = false;
};

namespace {

// `jit` compiles for longer than our statements run. A plan for all values is made once; one for these values takes
// longer than it saves, because it looks at every partition (48 ms for a list of conversations).
constexpr auto every_connection = "SET statement_timeout = {}; SET jit = off; SET plan_cache_mode = force_generic_plan;"
                                  " SET client_min_messages = warning; SET bytea_output = hex;"
                                  " SET default_transaction_isolation = 'read committed'";

void set_if_absent(std::string& settings, const PQconninfoOption* all, std::string_view name, std::string_view value) {
  for (const auto* one = all; one->keyword != nullptr; ++one)
    if (name == one->keyword && one->val == nullptr) settings += fmt::format(" {}='{}'", name, value);
}

/// What `url` says, and ours where it says nothing.
result<std::string> settings_of(const connection_options& options) {
  char* complaint = nullptr;
  const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> given{
      PQconninfoParse(options.url.c_str(), &complaint), PQconninfoFree};
  if (!given) {
    auto why = fail(errc::invalid_argument, one_line(complaint ? complaint : "out of memory"));
    PQfreemem(complaint);
    return why;
  }
  std::string settings;
  for (const auto* one = given.get(); one->keyword != nullptr; ++one) {
    if (one->val == nullptr) continue;
    std::string escaped;
    for (const char c : std::string_view{one->val}) {
      if (c == '\'' || c == '\\') escaped.push_back('\\');
      escaped.push_back(c);
    }
    settings += fmt::format(" {}='{}'", one->keyword, escaped);
  }
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(options.connect_timeout).count();
  set_if_absent(settings, given.get(), "application_name", "parley");
  set_if_absent(settings, given.get(), "connect_timeout", std::to_string(std::max<long>(seconds, 2)));
  // A server that is gone without a word is noticed too.
  const auto silence = options.statement_timeout + options.connect_timeout;
  set_if_absent(settings, given.get(), "tcp_user_timeout", std::to_string(silence.count()));
  set_if_absent(settings, given.get(), "keepalives_idle", "10");
  set_if_absent(settings, given.get(), "client_encoding", "UTF8");
  return settings;
}

/// What `act` answers, on a line that is not lost.
template <class Act> auto guarded(bool& lost, bool& in_the_way, pqxx::connection& line, Act act)
    -> result<pqxx::result> {
  // libpqxx would connect anew without a word, in the middle of a transaction.
  if (lost) return fail(errc::unavailable, "postgres: the connection is lost");
  in_the_way = false;
  try {
    return act();
  } catch (...) {
    auto failed = current_failure();
    lost = failed.lost || !line.is_open();
    in_the_way = failed.in_the_way;
    if (lost) failed.why.code = errc::unavailable;
    return fail(std::move(failed.why));
  }
}

} // namespace

connection::connection(std::unique_ptr<link> made) : link_{std::move(made)} {}
connection::connection(connection&&) noexcept = default;
connection& connection::operator=(connection&&) noexcept = default;
connection::~connection() = default;

result<connection> connection::open(const connection_options& options) {
  const auto settings = settings_of(options);
  if (!settings) return fail(settings.error());
  try {
    connection made{std::make_unique<link>(*settings)};
    if (auto done = made.execute(fmt::format(every_connection, options.statement_timeout.count())); !done)
      return fail(done.error());
    const auto encoding = made.first("SHOW server_encoding", [](row& row) { return row.take<std::string>(); });
    if (!encoding) return fail(encoding.error());
    if (*encoding != "UTF8") return fail(errc::unavailable, "the encoding of the database is not UTF8");
    return made;
  } catch (...) {
    // Whatever keeps us from connecting is for the operator to mend.
    return fail(errc::unavailable, current_failure().why.detail);
  }
}

result<void> connection::execute(const std::string& script) {
  ++link_->sent;
  auto done = guarded(link_->lost, link_->in_the_way, link_->line, [&] { return link_->session.exec(script); });
  if (!done) return fail(done.error());
  return {};
}

result<answer> connection::ask(const std::string& sql, const parameters& values) {
  std::vector<const char*> texts;
  texts.reserve(values.size());
  for (const auto& value : values) {
    // PostgreSQL has no text with this byte; libpq would cut it off.
    if (value && value->find('\0') != std::string::npos) return fail(errc::invalid_argument, "text with a zero byte");
    texts.push_back(value ? value->c_str() : nullptr);
  }
  ++link_->sent;
  auto done = guarded(link_->lost, link_->in_the_way, link_->line, [&] {
    auto known = link_->prepared.find(sql);
    if (known == link_->prepared.end()) {
      auto name = fmt::format("s{}", link_->prepared.size());
      link_->line.prepare(name, sql);
      known = link_->prepared.emplace(sql, std::move(name)).first;
    }
    return link_->session.exec_prepared(known->second, pqxx::prepare::make_dynamic_params(texts));
  });
  if (!done) return fail(done.error());
  return answer{*std::move(done)};
}

bool connection::is_lost() const { return link_->lost; }
bool connection::was_in_the_way() const { return link_->in_the_way; }
std::size_t connection::statements() const { return link_->sent; }

} // namespace parley::persistence::postgres

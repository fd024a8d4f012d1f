#include "persistence/postgres/append_answers.hpp"

#include <algorithm>
#include <string_view>

#include <libpq-fe.h>

#include "persistence/postgres/failure.hpp"

namespace parley::persistence::postgres {

namespace {

/// The values of one row, from left to right.
class row_reader {
public:
  row_reader(const pg_result& rows, int row) : rows_{rows}, row_{row} {}

  [[nodiscard]] bool is_null() const { return PQgetisnull(&rows_, row_, column_) != 0; }
  void skip() { ++column_; }

  std::string_view bytes() {
    const auto at = column_++;
    return {PQgetvalue(&rows_, row_, at), static_cast<std::size_t>(PQgetlength(&rows_, row_, at))};
  }
  std::string text() { return std::string{bytes()}; }
  std::uint64_t number() {
    std::uint64_t value = 0;
    for (const auto byte : bytes()) value = value << 8 | static_cast<std::uint8_t>(byte);
    return value;
  }
  template <std::size_t N> std::array<std::uint8_t, N> array() {
    std::array<std::uint8_t, N> value{};
    const auto from = bytes();
    std::copy_n(from.begin(), std::min(N, from.size()), value.begin());
    return value;
  }

private:
  const pg_result& rows_;
  int row_;
  int column_ = 0;
};

entry read_entry(row_reader& from) {
  entry one;
  one.conversation.value.bytes = from.array<16>();
  one.seq = from.number();
  one.kind = static_cast<entry_kind>(from.number());
  one.author.value = from.text();
  if (from.is_null()) {
    from.skip();
  } else {
    one.client = client_id{{from.array<16>()}};
  }
  one.target = from.number();
  one.at = from_millis(static_cast<std::int64_t>(from.number()));
  one.countable = from.number() != 0;
  one.print = from.array<16>();
  one.body = from.text();
  return one;
}

} // namespace

std::optional<refusal> read_refusal(const pg_result& failed) {
  const auto field = [&](int which) {
    const auto* text = PQresultErrorField(&failed, which);
    return std::string_view{text ? text : ""};
  };
  const auto state = field(PG_DIAG_SQLSTATE);
  const auto severity = field(PG_DIAG_SEVERITY_NONLOCALIZED);
  if (state.empty() || severity == "FATAL" || severity == "PANIC") return std::nullopt;
  // It may come after the commit.
  if (says_lost(state)) return std::nullopt;
  if (state == "23505" || state == "23502") return refusal::by_key;
  if (says_in_the_way(state)) return refusal::passing;
  if (state.starts_with("21") || state.starts_with("22") || state.starts_with("23") || state.starts_with("54"))
    return refusal::by_content;
  return refusal::unable;
}

std::vector<standing> read_standings(const pg_result& rows, std::size_t writes) {
  std::vector<standing> all(writes);
  for (int row = 0; row < PQntuples(&rows); ++row) {
    row_reader from{rows, row};
    const auto which = from.number();
    const auto head = from.number();
    if (which >= all.size()) continue;
    all[which].head = head;
    if (!from.is_null()) all[which].found.push_back(read_entry(from));
  }
  return all;
}

} // namespace parley::persistence::postgres

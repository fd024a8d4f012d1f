#include <parley/error.hpp>

#include <array>

namespace parley {

namespace {

struct row {
  std::string_view name;
  retry_advice advice;
  unsigned status;
};

// In the order of `errc`.
constexpr std::array<row, 17> rows{{
    {"bad_frame", retry_advice::no, 400},
    {"unknown_type", retry_advice::no, 400},
    {"invalid_argument", retry_advice::no, 400},
    {"unauthenticated", retry_advice::reauth, 401},
    {"token_expired", retry_advice::reauth, 401},
    {"forbidden", retry_advice::no, 403},
    {"blocked", retry_advice::no, 403},
    {"not_found", retry_advice::no, 404},
    {"conflict", retry_advice::no, 409},
    {"client_id_conflict", retry_advice::no, 409},
    {"too_large", retry_advice::no, 413},
    {"too_many", retry_advice::no, 422},
    {"rate_limited", retry_advice::later, 429},
    {"overloaded", retry_advice::later, 503},
    {"unavailable", retry_advice::same, 503},
    {"timeout", retry_advice::same, 504},
    {"internal", retry_advice::same, 500},
}};

const row& row_of(errc code) { return rows.at(static_cast<std::size_t>(code)); }

} // namespace

std::string_view to_string(errc code) { return row_of(code).name; }

std::string_view to_string(retry_advice advice) {
  switch (advice) {
  case retry_advice::no: return "no";
  case retry_advice::same: return "same";
  case retry_advice::later: return "later";
  case retry_advice::reauth: return "reauth";
  }
  return "no";
}

retry_advice advice_for(errc code) { return row_of(code).advice; }

unsigned http_status(errc code) { return row_of(code).status; }

} // namespace parley

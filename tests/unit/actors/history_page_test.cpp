#include <doctest/doctest.h>

#include <optional>

#include "actors/history_page.hpp"

namespace parley::actors {

namespace {

struct example {
  const char* what;
  history_request request;
  seq_no first, last;
  history_page page;
};

history_request newest(std::size_t limit) { return {.limit = limit}; }
history_request before(seq_no seq, std::size_t limit) { return {.before = seq, .limit = limit}; }
history_request after(seq_no seq, std::size_t limit) { return {.after = seq, .limit = limit}; }
history_request around(seq_no seq, std::size_t limit) { return {.around = seq, .limit = limit}; }

constexpr bool more = true, all = false, to_head = true, not_to_head = false;

const example examples[]{
    {"the newest of many", newest(3), 1, 10, {8, 10, more, not_to_head}},
    {"the newest of exactly as many", newest(10), 1, 10, {1, 10, all, to_head}},
    {"the newest of fewer", newest(50), 1, 10, {1, 10, all, to_head}},
    {"the newest of those that are visible", newest(50), 4, 10, {4, 10, all, to_head}},
    {"the newest of an empty log", newest(50), 1, 0, {1, 0, all, to_head}},

    {"before excludes its seq", before(5, 2), 1, 10, {3, 4, more, not_to_head}},
    {"before, up to the first", before(5, 4), 1, 10, {1, 4, all, not_to_head}},
    {"before, more room than entries", before(5, 50), 1, 10, {1, 4, all, not_to_head}},
    {"before, not below what is visible", before(8, 50), 6, 10, {6, 7, all, not_to_head}},
    {"before the first", before(1, 50), 1, 10, {1, 0, all, not_to_head}},
    {"before nothing", before(0, 50), 1, 10, {1, 0, all, not_to_head}},
    {"before the first visible one", before(6, 50), 6, 10, {6, 5, all, not_to_head}},
    {"before the head and more", before(99, 3), 1, 10, {8, 10, more, not_to_head}},

    {"after excludes its seq", after(5, 2), 1, 10, {6, 7, more, not_to_head}},
    {"after, up to the head", after(5, 5), 1, 10, {6, 10, all, to_head}},
    {"after, more room than entries", after(5, 50), 1, 10, {6, 10, all, to_head}},
    {"after, from the begin", after(0, 4), 1, 10, {1, 4, more, not_to_head}},
    {"after, not below what is visible", after(2, 3), 6, 10, {6, 8, more, not_to_head}},
    {"after the head", after(10, 50), 1, 10, {11, 10, all, to_head}},
    {"after more than the head", after(99, 50), 1, 10, {100, 10, all, to_head}},
    {"after the begin of an empty log", after(0, 50), 1, 0, {1, 0, all, to_head}},

    {"around, odd", around(5, 3), 1, 10, {4, 6, more, not_to_head}},
    {"around, even", around(5, 4), 1, 10, {3, 6, more, not_to_head}},
    {"around the first", around(1, 3), 1, 10, {1, 3, more, not_to_head}},
    {"around the last", around(10, 3), 1, 10, {8, 10, more, not_to_head}},
    {"around nothing", around(0, 3), 1, 10, {1, 3, more, not_to_head}},
    {"around more than the head", around(99, 3), 1, 10, {8, 10, more, not_to_head}},
    {"around, everything", around(5, 50), 1, 10, {1, 10, all, to_head}},
    {"around one entry", around(5, 1), 1, 10, {5, 5, more, not_to_head}},
    {"around, not below what is visible", around(2, 5), 6, 10, {6, 10, all, to_head}},
    {"around in an empty log", around(5, 3), 1, 0, {1, 0, all, to_head}},
};

} // namespace

TEST_CASE("history page: every direction, its edges and its limit") {
  for (const auto& [what, request, first, last, page] : examples) {
    CAPTURE(what);
    const auto found = page_of(request, first, last);
    CHECK(found.from == page.from);
    CHECK(found.to == page.to);
    CHECK(found.more == page.more);
    CHECK(found.reaches_head == page.reaches_head);
  }
}

TEST_CASE("history page: following it forwards or backwards shows every entry once") {
  for (seq_no first = 1; first <= 4; ++first)
    for (seq_no last = first; last <= 12; ++last)
      for (std::size_t limit = 1; limit <= 5; ++limit) {
        seq_no at = first - 1;
        for (auto page = page_of(after(at, limit), first, last);; page = page_of(after(at, limit), first, last)) {
          REQUIRE(page.from == at + 1);
          REQUIRE(page.to <= last);
          at = page.to;
          if (!page.more) break;
        }
        CHECK(at == last);

        auto page = page_of(newest(limit), first, last);
        CHECK(page.to == last);
        while (page.more) {
          const auto older = page_of(before(page.from, limit), first, last);
          REQUIRE(older.to == page.from - 1);
          page = older;
        }
        CHECK(page.from == first);
      }
}

TEST_CASE("history page: a page around an entry shows it and stays within its limit") {
  for (seq_no last = 1; last <= 12; ++last)
    for (seq_no seq = 1; seq <= last; ++seq)
      for (std::size_t limit = 1; limit <= 14; ++limit) {
        const auto page = page_of(around(seq, limit), 1, last);
        CHECK(page.from <= seq);
        CHECK(page.to >= seq);
        CHECK(page.to - page.from + 1 == std::min<seq_no>(limit, last));
        CHECK(page.more == (page.from > 1 || page.to < last));
      }
}

} // namespace parley::actors

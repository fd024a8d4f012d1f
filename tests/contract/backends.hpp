/// The implementations that have to keep the same promises. A new one is added to `PARLEY_BACKENDS`, and every test of
/// this folder runs against it.

#pragma once

#include <doctest/doctest.h>

#include "persistence/open.hpp"
#include "tests/contract/temporary_directory.hpp"

namespace parley::tests {

struct memory_backend {
  [[nodiscard]] stores open() const { return persistence::open_memory().value(); }
};

struct sqlite_backend {
  temporary_directory directory;

  [[nodiscard]] stores open() const { return persistence::open_sqlite(directory.path() / "parley.db").value(); }
};

/// A database of its own on the server that the program's tests share.
class postgres_backend {
public:
  postgres_backend();
  postgres_backend(const postgres_backend&) = delete;
  postgres_backend& operator=(const postgres_backend&) = delete;
  ~postgres_backend();

  [[nodiscard]] stores open() const { return persistence::open_postgres({.url = url()}).value(); }
  [[nodiscard]] std::string url() const;
  [[nodiscard]] const std::string& database() const { return database_; }

private:
  std::string database_;
};

/// Conversations on two databases, everything else on a third one.
class sharded_backend {
public:
  [[nodiscard]] stores open() const { return persistence::open_postgres(options()).value(); }
  [[nodiscard]] persistence::postgres_options options() const {
    return {.url = home.url(), .shards = {first.url(), second.url()}};
  }

  postgres_backend home;
  postgres_backend first;
  postgres_backend second;
};

/// Empty stores of one implementation.
template <class Backend> struct fresh_stores : stores {
  explicit fresh_stores(std::unique_ptr<Backend> made = std::make_unique<Backend>())
      : stores{made->open()}, backend{std::move(made)} {}
  fresh_stores(const fresh_stores&) = delete;
  fresh_stores& operator=(const fresh_stores&) = delete;

  std::unique_ptr<Backend> backend;
};

} // namespace parley::tests

#define PARLEY_BACKENDS                                                                                                \
  parley::tests::memory_backend, parley::tests::sqlite_backend, parley::tests::postgres_backend,                       \
      parley::tests::sharded_backend

TYPE_TO_STRING_AS("memory", parley::tests::memory_backend);
TYPE_TO_STRING_AS("sqlite", parley::tests::sqlite_backend);
TYPE_TO_STRING_AS("postgres", parley::tests::postgres_backend);
TYPE_TO_STRING_AS("postgres with shards", parley::tests::sharded_backend);

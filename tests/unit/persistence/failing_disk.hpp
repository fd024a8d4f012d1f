/// A disk that fails when it is told to. While it lives, SQLite reaches every file through it.

#pragma once

#include <memory>

struct sqlite3_vfs;

namespace parley::tests {

class failing_disk {
public:
  enum class operation { change, read };

  failing_disk();
  failing_disk(const failing_disk&) = delete;
  failing_disk& operator=(const failing_disk&) = delete;
  ~failing_disk();

  /// After `good` more operations of this sort all others fail with SQLite's error `code`, until `heal`.
  void fail_after(int good, operation what, int code);
  /// After `good` more operations one fails.
  void fail_once_after(int good, operation what, int code);
  /// Stops failing. Returns whether anything has failed.
  bool heal();

private:
  std::unique_ptr<sqlite3_vfs> vfs_;
};

} // namespace parley::tests

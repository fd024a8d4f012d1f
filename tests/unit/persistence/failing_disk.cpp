#include "tests/unit/persistence/failing_disk.hpp"

#include <atomic>
#include <climits>
#include <new>

#include <sqlite3.h>

namespace parley::tests {

namespace {

using operation = failing_disk::operation;

struct plan {
  std::atomic<int> good{INT_MAX};
  std::atomic<int> bad{0};
  std::atomic<operation> what{operation::change};
  std::atomic<int> code{SQLITE_OK};
  std::atomic<int> failures{0};
} current;

/// What this operation is to answer, SQLITE_OK: what the real disk says.
int verdict(operation what) {
  if (what != current.what || current.good == INT_MAX) return SQLITE_OK;
  if (current.good > 0) {
    --current.good;
    return SQLITE_OK;
  }
  if (current.bad == 0) return SQLITE_OK;
  --current.bad;
  ++current.failures;
  return current.code;
}

void arm(int good, int bad, operation what, int code) {
  current.failures = 0;
  current.code = code;
  current.what = what;
  current.bad = bad;
  current.good = good;
}

/// A file of ours, followed in memory by the real one.
struct file {
  sqlite3_file base;

  [[nodiscard]] sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

sqlite3_file* real(sqlite3_file* ours) { return reinterpret_cast<file*>(ours)->real(); }
const sqlite3_io_methods& methods(sqlite3_file* ours) { return *real(ours)->pMethods; }

int close_file(sqlite3_file* f) { return methods(f).xClose(real(f)); }
int read(sqlite3_file* f, void* to, int size, sqlite3_int64 at) {
  const auto code = verdict(operation::read);
  return code != SQLITE_OK ? code : methods(f).xRead(real(f), to, size, at);
}
int write(sqlite3_file* f, const void* from, int size, sqlite3_int64 at) {
  const auto code = verdict(operation::change);
  return code != SQLITE_OK ? code : methods(f).xWrite(real(f), from, size, at);
}
int truncate(sqlite3_file* f, sqlite3_int64 size) {
  const auto code = verdict(operation::change);
  return code != SQLITE_OK ? code : methods(f).xTruncate(real(f), size);
}
int sync(sqlite3_file* f, int flags) {
  const auto code = verdict(operation::change);
  return code != SQLITE_OK ? code : methods(f).xSync(real(f), flags);
}
int file_size(sqlite3_file* f, sqlite3_int64* size) { return methods(f).xFileSize(real(f), size); }
int lock(sqlite3_file* f, int level) { return methods(f).xLock(real(f), level); }
int unlock(sqlite3_file* f, int level) { return methods(f).xUnlock(real(f), level); }
int check_lock(sqlite3_file* f, int* out) { return methods(f).xCheckReservedLock(real(f), out); }
int control(sqlite3_file* f, int op, void* arg) { return methods(f).xFileControl(real(f), op, arg); }
int sector_size(sqlite3_file* f) { return methods(f).xSectorSize(real(f)); }
int traits(sqlite3_file* f) { return methods(f).xDeviceCharacteristics(real(f)); }
int shm_map(sqlite3_file* f, int page, int size, int extend, void volatile** out) {
  return methods(f).xShmMap(real(f), page, size, extend, out);
}
int shm_lock(sqlite3_file* f, int offset, int n, int flags) { return methods(f).xShmLock(real(f), offset, n, flags); }
void shm_barrier(sqlite3_file* f) { methods(f).xShmBarrier(real(f)); }
int shm_unmap(sqlite3_file* f, int remove) { return methods(f).xShmUnmap(real(f), remove); }

const sqlite3_io_methods our_methods{2,        close_file,  read,       write,   truncate,    sync,   file_size,
                                     lock,     unlock,      check_lock, control, sector_size, traits, shm_map,
                                     shm_lock, shm_barrier, shm_unmap,  nullptr, nullptr};

int open_file(sqlite3_vfs* vfs, const char* name, sqlite3_file* f, int flags, int* out) {
  auto* const under = static_cast<sqlite3_vfs*>(vfs->pAppData);
  auto* const ours = new (f) file{};
  const auto code = under->xOpen(under, name, ours->real(), flags, out);
  f->pMethods = ours->real()->pMethods != nullptr ? &our_methods : nullptr;
  return code;
}

} // namespace

failing_disk::failing_disk() {
  arm(INT_MAX, 0, operation::change, SQLITE_OK);
  auto* const under = sqlite3_vfs_find(nullptr);
  // The functions of the real one do not look at the object that they are called with, but for `pAppData`, which names
  // their way of locking; ours has to be our own only where a file is opened.
  vfs_ = std::make_unique<sqlite3_vfs>(*under);
  vfs_->zName = "failing";
  vfs_->szOsFile = static_cast<int>(sizeof(file)) + under->szOsFile;
  vfs_->pAppData = under;
  vfs_->xOpen = open_file;
  sqlite3_vfs_register(vfs_.get(), 1);
}

failing_disk::~failing_disk() { sqlite3_vfs_unregister(vfs_.get()); }

void failing_disk::fail_after(int good, operation what, int code) { arm(good, INT_MAX, what, code); }

void failing_disk::fail_once_after(int good, operation what, int code) { arm(good, 1, what, code); }

bool failing_disk::heal() {
  const auto failed = current.failures > 0;
  arm(INT_MAX, 0, current.what, SQLITE_OK);
  return failed;
}

} // namespace parley::tests

// Lets one call of many fail, as a disk does that is full or breaks.
//
// Preloaded before a program. Calls that write, sync, cut or open for writing are counted, as far as
// they are about files in one folder. The one with the wanted number fails, and those after it if the
// disk is to stay broken. A file elsewhere tells that it came to that.
//
// DENGHUO_FAIL_FOLDER  the folder             DENGHUO_FAIL_AT       the number of the call
// DENGHUO_FAIL_ERROR   the error's number     DENGHUO_FAIL_FOREVER  1 to stay broken
// DENGHUO_FAIL_MARK    the file that tells   DENGHUO_FAIL_FILE     the only file, if it is to be one
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static atomic_long calls;
static atomic_int told;

static int is_here(const char *path) {
  const char *folder = getenv("DENGHUO_FAIL_FOLDER"), *file = getenv("DENGHUO_FAIL_FILE");
  if (file && file[0]) return strcmp(path, file) == 0;
  return folder && strncmp(path, folder, strlen(folder)) == 0;
}

static int is_of(int descriptor) {
  char link[64], path[PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length <= 0) return 0;
  path[length] = 0;
  return is_here(path);
}

static void tell(const char *call, long number) {
  const char *mark = getenv("DENGHUO_FAIL_MARK");
  if (!mark || atomic_exchange(&told, 1)) return;
  int (*really_open)(const char *, int, ...) = dlsym(RTLD_NEXT, "open");
  ssize_t (*really_write)(int, const void *, size_t) = dlsym(RTLD_NEXT, "write");
  int file = really_open(mark, O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0600);
  char text[64];
  int length = snprintf(text, sizeof text, "%s %ld\n", call, number);
  if (file >= 0) {
    if (really_write(file, text, (size_t)length) < 0) told = 2;
    close(file);
  }
}

static int fails(const char *call) {
  const char *at = getenv("DENGHUO_FAIL_AT");
  if (!at) return 0;
  long number = atomic_fetch_add(&calls, 1) + 1, wanted = atol(at);
  const char *forever = getenv("DENGHUO_FAIL_FOREVER");
  if (number != wanted && !(number > wanted && forever && forever[0] == '1')) return 0;
  tell(call, number);
  const char *error = getenv("DENGHUO_FAIL_ERROR");
  errno = error ? atoi(error) : EIO;
  return 1;
}

#define REALLY(type, name, ...) \
  static type (*real)(__VA_ARGS__); \
  if (!real) real = (type (*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

ssize_t write(int descriptor, const void *bytes, size_t count) {
  REALLY(ssize_t, "write", int, const void *, size_t);
  return is_of(descriptor) && fails("write") ? -1 : real(descriptor, bytes, count);
}

ssize_t pwrite(int descriptor, const void *bytes, size_t count, off_t place) {
  REALLY(ssize_t, "pwrite", int, const void *, size_t, off_t);
  return is_of(descriptor) && fails("pwrite") ? -1 : real(descriptor, bytes, count, place);
}

ssize_t pwrite64(int descriptor, const void *bytes, size_t count, off64_t place) {
  REALLY(ssize_t, "pwrite64", int, const void *, size_t, off64_t);
  return is_of(descriptor) && fails("pwrite64") ? -1 : real(descriptor, bytes, count, place);
}

int fsync(int descriptor) {
  REALLY(int, "fsync", int);
  return is_of(descriptor) && fails("fsync") ? -1 : real(descriptor);
}

int fdatasync(int descriptor) {
  REALLY(int, "fdatasync", int);
  return is_of(descriptor) && fails("fdatasync") ? -1 : real(descriptor);
}

int ftruncate(int descriptor, off_t length) {
  REALLY(int, "ftruncate", int, off_t);
  return is_of(descriptor) && fails("ftruncate") ? -1 : real(descriptor, length);
}

int ftruncate64(int descriptor, off64_t length) {
  REALLY(int, "ftruncate64", int, off64_t);
  return is_of(descriptor) && fails("ftruncate64") ? -1 : real(descriptor, length);
}

int posix_fallocate(int descriptor, off_t place, off_t length) {
  REALLY(int, "posix_fallocate", int, off_t, off_t);
  return is_of(descriptor) && fails("posix_fallocate") ? errno : real(descriptor, place, length);
}

static int opens(const char *name, const char *path, int flags, mode_t mode) {
  int (*real)(const char *, int, ...) = dlsym(RTLD_NEXT, name);
  if ((flags & (O_WRONLY | O_RDWR | O_CREAT)) && is_here(path) && fails(name)) return -1;
  return real(path, flags, mode);
}

#define MODE(flags, mode) \
  mode_t mode = 0; \
  if (flags & (O_CREAT | O_TMPFILE)) { \
    va_list more; \
    va_start(more, flags); \
    mode = va_arg(more, mode_t); \
    va_end(more); \
  }

int open(const char *path, int flags, ...) {
  MODE(flags, mode)
  return opens("open", path, flags, mode);
}

int open64(const char *path, int flags, ...) {
  MODE(flags, mode)
  return opens("open64", path, flags, mode);
}

#pragma once
#include <sqlite3.h>

/* Macros that are computed are not imported into Swift. */
enum { SQLITE_SHARED_MEMORY_SIZE = SQLITE_IOERR_SHMSIZE };

/* A macro that casts is not imported into Swift: text and bytes are copied when they are bound. */
static inline int sqlite_bind_text_copied(sqlite3_stmt *statement, int place, const char *text, int size) {
  return sqlite3_bind_text(statement, place, text, size, SQLITE_TRANSIENT);
}
static inline int sqlite_bind_bytes_copied(sqlite3_stmt *statement, int place, const void *bytes, int size) {
  return sqlite3_bind_blob(statement, place, bytes, size, SQLITE_TRANSIENT);
}

/* The bare engine: runs recorded statements through SQLite's own interface, as many commands a
   transaction as asked, each in a savepoint, with synchronous = FULL.
   replay DATABASE RECORDING COMMANDS_PER_TRANSACTION [MEMORY], with what a savepoint may bring back in memory */
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static FILE *recording;
static sqlite3 *database;
static sqlite3_stmt *prepared[4096];
static char *texts[4096];
static unsigned known;

static void fail(const char *what) {
  fprintf(stderr, "%s: %s\n", what, database ? sqlite3_errmsg(database) : "");
  exit(1);
}
static int32_t number(void) {
  int32_t value;
  if (fread(&value, 4, 1, recording) != 1) return -1;
  return value;
}
static void run(const char *text) {
  if (sqlite3_exec(database, text, 0, 0, 0) != SQLITE_OK) fail(text);
}
static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec + now.tv_nsec / 1e9;
}
static int compare(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

int main(int count, char **words) {
  if (count != 4 && count != 5) return 2;
  int most = atoi(words[3]);
  if (sqlite3_open(words[1], &database) != SQLITE_OK) fail("open");
  run("PRAGMA journal_mode = WAL");
  run("PRAGMA synchronous = FULL");
  run("PRAGMA foreign_keys = ON");
  run("PRAGMA cache_size = -65536");
  run("PRAGMA wal_autocheckpoint = 16384");
  if (count == 5) run("PRAGMA temp_store = MEMORY");
  recording = fopen(words[2], "rb");
  if (!recording) fail("recording");
  setvbuf(recording, 0, _IOFBF, 1 << 20);
  static char buffer[1 << 20];
  static double commits[1 << 20];
  long commands = 0, rows = 0, transactions = 0;
  int inside = 0, opened = 0;
  double began = seconds(), since = began;
  for (;;) {
    int32_t kind = number();
    /* -2: a command begins; 0 or more: a statement's number; -3: a new statement's text */
    if (kind == -1 || kind == -2) {
      if (opened) run("RELEASE command");
      opened = 0;
      if (inside && (kind == -1 || inside == most)) {
        run("COMMIT");
        double now = seconds();
        if (transactions < (1 << 20)) commits[transactions] = now - since;
        since = now;
        transactions++;
        inside = 0;
      }
      if (kind == -1) break;
      if (!inside) {
        run("BEGIN IMMEDIATE");
        since = seconds();
      }
      run("SAVEPOINT command");
      opened = 1;
      inside++;
      commands++;
      continue;
    }
    if (kind == -3) {
      int32_t size = number();
      texts[known] = malloc(size + 1);
      if (fread(texts[known], 1, size, recording) != (size_t)size) fail("recording");
      texts[known][size] = 0;
      if (sqlite3_prepare_v3(
            database, texts[known], -1, SQLITE_PREPARE_PERSISTENT, &prepared[known], 0)
          != SQLITE_OK)
        fail(texts[known]);
      known++;
      continue;
    }
    sqlite3_stmt *statement = prepared[kind];
    int32_t arguments = number();
    char *next = buffer;
    for (int32_t index = 1; index <= arguments; index++) {
      int32_t type = number();
      int64_t integer;
      double real;
      if (type == 0) sqlite3_bind_null(statement, index);
      if (type == 1 && fread(&integer, 8, 1, recording) == 1)
        sqlite3_bind_int64(statement, index, integer);
      if (type == 2 && fread(&real, 8, 1, recording) == 1)
        sqlite3_bind_double(statement, index, real);
      if (type == 3 || type == 4) {
        int32_t size = number();
        if (fread(next, 1, size, recording) != (size_t)size) fail("recording");
        if (type == 3) sqlite3_bind_text(statement, index, next, size, SQLITE_STATIC);
        else sqlite3_bind_blob(statement, index, next, size, SQLITE_STATIC);
        next += size;
      }
    }
    int result;
    while ((result = sqlite3_step(statement)) == SQLITE_ROW) {}
    if (result != SQLITE_DONE) fail(texts[kind]);
    if (!sqlite3_stmt_readonly(statement)) rows += sqlite3_changes(database);
    sqlite3_reset(statement);
  }
  double passed = seconds() - began;
  qsort(commits, transactions, sizeof(double), compare);
  printf(
    "{\"commands\": %ld, \"rows\": %ld, \"seconds\": %.4f, \"per_second\": %.1f, "
    "\"rows_per_second\": %.1f, \"p50_ms\": %.2f, \"p99_ms\": %.2f}\n",
    commands, rows, passed, commands / passed, rows / passed,
    commits[transactions / 2] * 1e3, commits[transactions * 99 / 100] * 1e3);
  sqlite3_close(database);
  return 0;
}

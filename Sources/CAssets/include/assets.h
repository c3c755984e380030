#pragma once
#include <stddef.h>

/// A file that is part of the binary.
typedef struct {
  /// Its path from the root of the project.
  const char *path;
  const unsigned char *bytes;
  size_t count;
} Asset;

/// The first of all files that are part of the binary.
const Asset *assets_first(void);
/// How many there are.
extern const size_t assets_count;

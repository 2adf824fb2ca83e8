// A gzip stream (RFC 1952) that is being made, over zlib. Its headers stay out of the module: zlib's macros do not come over to Swift, and it
// brings half of the system's headers with it.
#ifndef CGZIP_H
#define CGZIP_H

#include <stddef.h>
#include <stdint.h>

typedef struct cgzip cgzip;

// Null where there is no memory.
cgzip *cgzip_new(int level);

void cgzip_free(cgzip *stream);

// Gives what is to be compressed next. It must stay in place until all of it has been taken.
void cgzip_input(cgzip *stream, const uint8_t *bytes, size_t count);

// Writes what comes out, at most `room` bytes, and answers how many: fewer than `room` once all input has been taken (`finish` 0), or once the
// stream is at its end (`finish` 1).
size_t cgzip_output(cgzip *stream, uint8_t *bytes, size_t room, int finish);

#endif

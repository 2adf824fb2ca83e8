#include "CGzip.h"

#include <stdlib.h>
#include <zlib.h>

struct cgzip {
    z_stream stream;
};

cgzip *cgzip_new(int level) {
    cgzip *made = calloc(1, sizeof *made);
    if (made == NULL) return NULL;
    // 15 bits of window, and 16 for the gzip wrapper.
    if (deflateInit2(&made->stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
        free(made);
        return NULL;
    }
    return made;
}

void cgzip_free(cgzip *stream) {
    deflateEnd(&stream->stream);
    free(stream);
}

void cgzip_input(cgzip *stream, const uint8_t *bytes, size_t count) {
    stream->stream.next_in = (Bytef *)bytes;
    stream->stream.avail_in = (uInt)count;
}

size_t cgzip_output(cgzip *stream, uint8_t *bytes, size_t room, int finish) {
    stream->stream.next_out = bytes;
    stream->stream.avail_out = (uInt)room;
    // Z_BUF_ERROR says that there is nothing to do, which is no error here.
    deflate(&stream->stream, finish ? Z_FINISH : Z_NO_FLUSH);
    return room - stream->stream.avail_out;
}

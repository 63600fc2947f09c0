/* stream.c: events to one reader (http.h). While nothing waits for the reader his connection sleeps inside the daemon
 * and takes no thread; ms_stream_send wakes it. */
#include "serve/stream.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "base/alloc.h"

struct ms_stream {
    atomic_int holders;
    pthread_mutex_t lock;
    struct MHD_Connection *connection; /* while `asleep` */
    char *waiting;
    size_t from, to, capacity; /* waiting[from .. to) is still to be sent */
    bool asleep, ended, gone;
};

ms_stream *ms_stream_new(void)
{
    ms_stream *stream = ms_alloc(1, sizeof *stream);
    if (!stream)
        return NULL;
    atomic_init(&stream->holders, 1);
    if (pthread_mutex_init(&stream->lock, NULL) != 0) {
        ms_free(stream);
        return NULL;
    }
    return stream;
}

void ms_stream_release(ms_stream *stream)
{
    if (!stream || atomic_fetch_sub_explicit(&stream->holders, 1, memory_order_acq_rel) != 1)
        return;
    pthread_mutex_destroy(&stream->lock);
    ms_free(stream->waiting);
    ms_free(stream);
}

ms_stream *ms_stream_hold(ms_stream *stream)
{
    atomic_fetch_add_explicit(&stream->holders, 1, memory_order_relaxed);
    return stream;
}

/* Under the lock. */
static void wake(ms_stream *stream)
{
    if (stream->asleep) {
        stream->asleep = false;
        MHD_resume_connection(stream->connection);
    }
}

/* Room for length more bytes behind what waits; under the lock. */
static bool make_room(ms_stream *stream, size_t length)
{
    size_t waits = stream->to - stream->from;
    if (waits + length > MS_STREAM_BYTES)
        return false;
    if (stream->from > 0)
        memmove(stream->waiting, stream->waiting + stream->from, waits);
    stream->from = 0;
    stream->to = waits;
    return ms_grow((void **)&stream->waiting, &stream->capacity, waits + length, 1);
}

void ms_stream_send(ms_stream *stream, const char *text, size_t length)
{
    pthread_mutex_lock(&stream->lock);
    if (!stream->gone && !stream->ended) {
        if (make_room(stream, length)) {
            memcpy(stream->waiting + stream->to, text, length);
            stream->to += length;
        } else {
            stream->from = stream->to = 0; /* he comes back and asks again */
            stream->ended = true;
        }
        wake(stream);
    }
    pthread_mutex_unlock(&stream->lock);
}

bool ms_stream_is_gone(ms_stream *stream)
{
    pthread_mutex_lock(&stream->lock);
    bool gone = stream->gone || stream->ended;
    pthread_mutex_unlock(&stream->lock);
    return gone;
}

void ms_stream_end(ms_stream *stream)
{
    pthread_mutex_lock(&stream->lock);
    stream->ended = true;
    wake(stream);
    pthread_mutex_unlock(&stream->lock);
}

/* ---- what the daemon asks for ---- */

static ssize_t read_some(void *context, uint64_t position, char *out, size_t most)
{
    (void)position;
    ms_stream *stream = context;
    ssize_t count = 0;
    pthread_mutex_lock(&stream->lock);
    size_t waits = stream->to - stream->from;
    if (waits > 0) {
        count = (ssize_t)(waits < most ? waits : most);
        memcpy(out, stream->waiting + stream->from, (size_t)count);
        stream->from += (size_t)count;
    } else if (stream->ended) {
        count = MHD_CONTENT_READER_END_OF_STREAM;
    } else {
        stream->asleep = true;
        MHD_suspend_connection(stream->connection);
    }
    pthread_mutex_unlock(&stream->lock);
    return count;
}

static void reader_left(void *context)
{
    ms_stream *stream = context;
    pthread_mutex_lock(&stream->lock);
    stream->gone = true;
    stream->connection = NULL;
    pthread_mutex_unlock(&stream->lock);
    ms_stream_release(stream);
}

struct MHD_Response *ms_stream_response(ms_stream *stream, struct MHD_Connection *connection)
{
    const size_t block_bytes = 4096;
    stream->connection = connection;
    struct MHD_Response *response = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, block_bytes, read_some,
                                                                      ms_stream_hold(stream), reader_left);
    if (!response)
        ms_stream_release(stream);
    return response;
}

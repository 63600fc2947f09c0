/* buf.c: the growing text buffer with a cap.
 *
 * A write goes in whole or not at all. text[length] is always a zero byte once anything was written; capacity
 * counts that byte, the cap does not. Cost: amortised constant per byte, at most half of the memory unused.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "mainstay.h"

static const size_t DEFAULT_CAP = (size_t)1 << 30;

/* Room for more bytes and a zero byte behind them; sets failed when there is none. */
static bool reserve(ms_buf *buf, size_t more)
{
    if (buf->failed)
        return false;
    size_t cap = buf->cap == 0 ? DEFAULT_CAP : buf->cap;
    if (more > cap || buf->length > cap - more) {
        buf->failed = true;
        return false;
    }
    if (buf->text != NULL && buf->capacity - buf->length > more)
        return true;
    void *block = buf->text;
    if (!ms_grow(&block, &buf->capacity, buf->length + more + 1, 1)) {
        buf->failed = true;
        return false;
    }
    buf->text = block;
    return true;
}

void ms_buf_put(ms_buf *buf, const char *text, size_t length)
{
    if (!reserve(buf, length))
        return;
    if (length > 0)
        memcpy(buf->text + buf->length, text, length);
    buf->length += length;
    buf->text[buf->length] = '\0';
}

void ms_buf_text(ms_buf *buf, const char *text)
{
    ms_buf_put(buf, text, strlen(text));
}

void ms_buf_printf(ms_buf *buf, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    /* Most lines fit what is left or a short first block, so that the text is formatted once. */
    if (reserve(buf, buf->text == NULL && (buf->cap == 0 || buf->cap >= 64) ? 64 : 0)) {
        size_t room = buf->capacity - buf->length;
        int wanted = vsnprintf(buf->text + buf->length, room, format, args);
        if (wanted < 0) {
            buf->failed = true;
        } else if (reserve(buf, (size_t)wanted)) {
            if ((size_t)wanted >= room)
                vsnprintf(buf->text + buf->length, (size_t)wanted + 1, format, again);
            buf->length += (size_t)wanted;
        }
        buf->text[buf->length] = '\0';
    }
    va_end(again);
    va_end(args);
}

void ms_buf_reset(ms_buf *buf)
{
    buf->length = 0;
    buf->failed = false;
    if (buf->text != NULL)
        buf->text[0] = '\0';
}

void ms_buf_free(ms_buf *buf)
{
    ms_free(buf->text);
    buf->text = NULL;
    buf->length = buf->capacity = 0;
    buf->failed = false;
}

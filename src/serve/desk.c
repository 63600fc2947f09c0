/* desk.c: making a desk; the answers that it keeps, and its listeners. See desk.h; what is open is in desk_case.c and
 * desk_book.c, jobs in desk_jobs.c. */
#include <stdio.h>
#include <string.h>

#include "serve/desk_private.h"

ms_status ms_desk_make(ms_desk **out, int threads, ms_error *err)
{
    ms_desk *desk = ms_alloc(1, sizeof *desk);
    if (!desk)
        return ms_error_memory(err);
    desk->threads = threads;
    bool made = pthread_mutex_init(&desk->lock, NULL) == 0 && pthread_mutex_init(&desk->place.writing, NULL) == 0 &&
                pthread_cond_init(&desk->ordered, NULL) == 0 && pthread_cond_init(&desk->closes, NULL) == 0 &&
                ms_kept_start(&desk->kept, MS_DESK_KEEP_BYTES);
    if (!made) {
        ms_free(desk);
        return ms_error_memory(err);
    }
    ms_status status = ms_desk_start_jobs(desk, err);
    if (status != MS_OK) {
        ms_desk_free(desk);
        return status;
    }
    *out = desk;
    return MS_OK;
}

void ms_desk_free(ms_desk *desk)
{
    if (!desk)
        return;
    ms_desk_hush(desk);
    pthread_mutex_lock(&desk->lock);
    desk->closing = true;
    pthread_cond_broadcast(&desk->ordered);
    pthread_cond_broadcast(&desk->closes);
    pthread_mutex_unlock(&desk->lock);
    ms_desk_end_jobs(desk);
    if (desk->watching)
        pthread_join(desk->watcher, NULL);
    ms_desk_drop_case(desk->held);
    ms_kept_end(&desk->kept);
    ms_desk_close_place(desk);
    ms_free(desk->work);
    pthread_cond_destroy(&desk->ordered);
    pthread_cond_destroy(&desk->closes);
    pthread_mutex_destroy(&desk->place.writing);
    pthread_mutex_destroy(&desk->lock);
    ms_free(desk);
}

/* ---- answers worth keeping ---- */

int ms_desk_version(ms_desk *desk)
{
    pthread_mutex_lock(&desk->lock);
    int version = desk->version;
    pthread_mutex_unlock(&desk->lock);
    return version;
}

ms_blob *ms_desk_kept(ms_desk *desk, const char *key)
{
    return ms_kept_find(&desk->kept, key);
}

void ms_desk_keep(ms_desk *desk, const char *key, ms_blob *blob)
{
    ms_kept_add(&desk->kept, key, blob);
}

/* ---- who is listening ---- */

/* With the lock held: lets go of those who have left. */
static void forget_gone(ms_desk *desk)
{
    int kept = 0;
    for (int i = 0; i < desk->listener_count; i++) {
        if (ms_stream_is_gone(desk->listeners[i]))
            ms_stream_release(desk->listeners[i]);
        else
            desk->listeners[kept++] = desk->listeners[i];
    }
    desk->listener_count = kept;
}

ms_status ms_desk_listen(ms_stream **out, ms_desk *desk, ms_error *err)
{
    static const char greeting[] = "retry: 2000\n\n";
    ms_stream *stream = ms_stream_new();
    if (!stream)
        return ms_error_memory(err);
    ms_stream_send(stream, greeting, sizeof greeting - 1);
    pthread_mutex_lock(&desk->lock);
    forget_gone(desk);
    bool room = !desk->hushed && desk->listener_count < MS_DESK_LISTENERS;
    if (room)
        desk->listeners[desk->listener_count++] = ms_stream_hold(stream);
    pthread_mutex_unlock(&desk->lock);
    if (!room) {
        ms_stream_release(stream);
        return ms_error_set(err, MS_LIMIT, "%d are listening already", MS_DESK_LISTENERS);
    }
    *out = stream;
    return MS_OK;
}

void ms_desk_tell(ms_desk *desk, const char *event, const ms_buf *json)
{
    ms_buf line = {0};
    ms_buf_printf(&line, "event: %s\ndata: ", event);
    for (size_t i = 0; i < json->length; i++) /* a line break in JSON is never within a string */
        if (json->text[i] != '\n')
            ms_buf_put(&line, &json->text[i], 1);
    ms_buf_text(&line, "\n\n");
    pthread_mutex_lock(&desk->lock);
    forget_gone(desk);
    for (int i = 0; i < desk->listener_count && !line.failed; i++)
        ms_stream_send(desk->listeners[i], line.text, line.length);
    pthread_mutex_unlock(&desk->lock);
    ms_buf_free(&line);
}

void ms_desk_beat(ms_desk *desk)
{
    static const char comment[] = ":\n\n";
    pthread_mutex_lock(&desk->lock);
    for (int i = 0; i < desk->listener_count; i++)
        ms_stream_send(desk->listeners[i], comment, sizeof comment - 1);
    forget_gone(desk);
    pthread_mutex_unlock(&desk->lock);
}

void ms_desk_hush(ms_desk *desk)
{
    pthread_mutex_lock(&desk->lock);
    desk->hushed = true;
    for (int i = 0; i < desk->listener_count; i++) {
        ms_stream_end(desk->listeners[i]);
        ms_stream_release(desk->listeners[i]);
    }
    desk->listener_count = 0;
    pthread_mutex_unlock(&desk->lock);
}

/* key_private.h: what key.c and key_file.c share. */
#ifndef MS_BOOK_KEY_PRIVATE_H
#define MS_BOOK_KEY_PRIVATE_H

#include <sodium.h>

#include "base/alloc.h"
#include "base/text.h"
#include "book/key.h"

enum { MS_SEED_BYTES = 32 };

struct ms_key {
    ms_public_key public;
    unsigned char seed[MS_SEED_BYTES]; /* all else follows from it */
    unsigned char signing[crypto_sign_SECRETKEYBYTES], sealing[crypto_box_SECRETKEYBYTES];
};

#endif

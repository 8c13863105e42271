#pragma once
#include <stddef.h>
#include <stdint.h>

// libpng reports errors by longjmp, which Swift must not see: the two calls below keep it inside.

typedef enum { CPNGStatusRead = 0, CPNGStatusTruncated, CPNGStatusDamaged } CPNGStatus;

typedef enum { CPNGLayoutGrey8 = 0, CPNGLayoutGrey16, CPNGLayoutPalette, CPNGLayoutRGB8 } CPNGLayout;

// What the header says, and how `cpng_read_pixels` lays the samples out: one byte a sample without alpha,
// the high byte of 16-bit colours; only 16-bit grey without alpha stays two bytes, high byte first.
typedef struct {
    uint32_t width;
    uint32_t height;
    CPNGLayout layout;
    size_t bytes_per_row;
    uint32_t palette_count;
    uint8_t palette[768];
} CPNGHeader;

typedef struct {
    char text[96];
} CPNGMessage;

CPNGStatus cpng_read_header(const void *bytes, size_t size, CPNGHeader *header, CPNGMessage *message);

// Writes 8-bit pixels without gaps between rows, of 1 (grey) or 3 channels. With `out` NULL only `size` is set, to the room
// that is needed.
CPNGStatus cpng_write(
    const uint8_t *pixels, uint32_t width, uint32_t height, uint32_t channels, void *out, size_t *size);

// `pixels` holds `height * bytes_per_row` bytes of the header read before from the same bytes.
CPNGStatus cpng_read_pixels(
    const void *bytes, size_t size, const CPNGHeader *header, uint8_t *pixels, CPNGMessage *message);

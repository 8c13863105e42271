#include "CPNG.h"

#include <png.h>
#include <stdio.h>
#include <string.h>

typedef struct {
    const uint8_t *next;
    size_t left;
    int ran_out;
    CPNGMessage *message;
} Source;

static void read_bytes(png_structp png, png_bytep out, size_t count) {
    Source *source = png_get_io_ptr(png);
    if (count > source->left) {
        source->ran_out = 1;
        png_error(png, "the data ends early");
    }
    memcpy(out, source->next, count);
    source->next += count;
    source->left -= count;
}

static void on_error(png_structp png, png_const_charp text) {
    Source *source = png_get_error_ptr(png);
    snprintf(source->message->text, sizeof source->message->text, "%s", text);
    png_longjmp(png, 1);
}

static void on_warning(png_structp png, png_const_charp text) {
    (void)png;
    (void)text;
}

// Reads the chunks before the pixels, sets the conversions and fills the header.
static void begin(png_structp png, png_infop info, CPNGHeader *header) {
    png_set_user_limits(png, 0x7fffffff, 0x7fffffff);
    png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, NULL, 0);
    png_read_info(png, info);
    int depth = png_get_bit_depth(png, info);
    int colour = png_get_color_type(png, info);
    memset(header, 0, sizeof *header);
    header->width = png_get_image_width(png, info);
    header->height = png_get_image_height(png, info);
    if (colour & PNG_COLOR_MASK_ALPHA) png_set_strip_alpha(png);
    if (colour == PNG_COLOR_TYPE_PALETTE) {
        header->layout = CPNGLayoutPalette;
        png_set_packing(png);
        png_colorp palette = NULL;
        int count = 0;
        if (png_get_PLTE(png, info, &palette, &count) && count > 0) {
            header->palette_count = (uint32_t)(count > 256 ? 256 : count);
            for (uint32_t i = 0; i < header->palette_count; i++) {
                header->palette[3 * i] = palette[i].red;
                header->palette[3 * i + 1] = palette[i].green;
                header->palette[3 * i + 2] = palette[i].blue;
            }
        }
    } else if (colour == PNG_COLOR_TYPE_GRAY && depth == 16) {
        header->layout = CPNGLayoutGrey16;
    } else {
        header->layout = colour & PNG_COLOR_MASK_COLOR ? CPNGLayoutRGB8 : CPNGLayoutGrey8;
        if (depth < 8) png_set_expand_gray_1_2_4_to_8(png);
        if (depth == 16) png_set_strip_16(png);
    }
    static const size_t bytes_per_pixel[] = {
        [CPNGLayoutGrey8] = 1, [CPNGLayoutGrey16] = 2, [CPNGLayoutPalette] = 1, [CPNGLayoutRGB8] = 3};
    header->bytes_per_row = (size_t)header->width * bytes_per_pixel[header->layout];
}

// `pixels` may be NULL: then only the header is read.
static CPNGStatus run(
    const void *bytes, size_t size, CPNGHeader *header, uint8_t *pixels, size_t row, CPNGMessage *message) {
    Source source = {bytes, size, 0, message};
    message->text[0] = 0;
    png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &source, on_error, on_warning);
    if (!png) return CPNGStatusDamaged;
    png_infop info = png_create_info_struct(png);
    if (!info || setjmp(png_jmpbuf(png))) {
        png_destroy_read_struct(&png, &info, NULL);
        return source.ran_out ? CPNGStatusTruncated : CPNGStatusDamaged;
    }
    png_set_read_fn(png, &source, read_bytes);
    begin(png, info, header);
    // Further than that the library makes room for a row, and the header may claim any width.
    if (pixels) {
        int passes = png_set_interlace_handling(png);
        png_read_update_info(png, info);
        if (png_get_rowbytes(png, info) != row) png_error(png, "the row has another size");
        for (int pass = 0; pass < passes; pass++)
            for (uint32_t y = 0; y < header->height; y++) png_read_row(png, pixels + (size_t)y * row, NULL);
    }
    png_destroy_read_struct(&png, &info, NULL);
    return CPNGStatusRead;
}

CPNGStatus cpng_read_header(const void *bytes, size_t size, CPNGHeader *header, CPNGMessage *message) {
    return run(bytes, size, header, NULL, 0, message);
}

CPNGStatus cpng_read_pixels(
    const void *bytes, size_t size, const CPNGHeader *header, uint8_t *pixels, CPNGMessage *message) {
    CPNGHeader again;
    return run(bytes, size, &again, pixels, header->bytes_per_row, message);
}

CPNGStatus cpng_write(
    const uint8_t *pixels, uint32_t width, uint32_t height, uint32_t channels, void *out, size_t *size) {
    png_image image;
    memset(&image, 0, sizeof image);
    image.version = PNG_IMAGE_VERSION;
    image.width = width;
    image.height = height;
    image.format = channels == 3 ? PNG_FORMAT_RGB : PNG_FORMAT_GRAY;
    png_alloc_size_t bytes = out ? *size : 0;
    int written = png_image_write_to_memory(&image, out, &bytes, 0, pixels, 0, NULL);
    *size = bytes;
    return written ? CPNGStatusRead : CPNGStatusDamaged;
}

"""Makes the pictures of this folder and fixtures.json, the values Pillow, transformers and timm give for them.

Run with Pillow < 13, numpy, torch, torchvision, timm and transformers:
    python make_fixtures.py [folder with the stamps photos]
Pictures that are there already are kept: other encoders would write other bytes. The tests need no Python.
"""
import hashlib, io, json, os, struct, sys, zlib
import numpy as np
from PIL import Image

here = os.path.dirname(os.path.abspath(__file__))
known = json.load(open(os.path.join(here, "fixtures.json"))) if os.path.exists(os.path.join(here, "fixtures.json")) else {}


def noise(count, seed):
    """The bytes of a linear congruential generator, which the tests repeat."""
    state, out = seed, bytearray()
    for _ in range(count):
        state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
        out.append(state >> 24)
    return bytes(out)


def sha(data):
    return hashlib.sha256(data).hexdigest()


# Pictures.

def scene(width, height, bands=3):
    """Ramps, an edge and some noise: what an encoder meets in a photo."""
    y, x = np.mgrid[0:height, 0:width]
    planes = [(x * 255 // max(width - 1, 1)), (y * 255 // max(height - 1, 1)), ((x * 7) ^ (y * 5)) % 256,
              np.where((x - width / 2) ** 2 + (y - height / 2) ** 2 < (min(width, height) / 3) ** 2, 40, 210)]
    grain = np.frombuffer(noise(width * height * bands, 7), np.uint8).reshape(height, width, bands) // 8
    return np.clip(np.stack(planes[:bands], -1).astype(int) + grain - 16, 0, 255).astype(np.uint8)


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


SAMPLES = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}


def pack(values, depth):
    """One row of samples as bytes."""
    if depth == 16:
        return b"".join(struct.pack(">H", int(v)) for v in values)
    if depth == 8:
        return bytes(int(v) for v in values)
    bits = "".join(format(int(v), f"0{depth}b") for v in values)
    bits += "0" * (-len(bits) % 8)
    return bytes(int(bits[i:i + 8], 2) for i in range(0, len(bits), 8))


def png(width, height, depth, colour, seed, interlaced=False, before=b""):
    samples = SAMPLES[colour]
    wide = noise(width * height * samples * 2, seed)
    values = np.frombuffer(wide, ">u2").reshape(height, width, samples) >> (16 - depth)
    if depth == 16 and colour == 0:
        values = np.where(values % 3 == 0, values >> 8, values)
    passes = [(0, 0, 1, 1)]
    if interlaced:
        passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
    raw = b""
    for x, y, dx, dy in passes:
        part = values[y::dy, x::dx]
        if part.shape[0] and part.shape[1]:
            raw += b"".join(b"\0" + pack(row.reshape(-1), depth) for row in part)
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, int(interlaced))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + before + chunk(b"IDAT", zlib.compress(raw, 9))
            + chunk(b"IEND", b""))


def jpeg(array, mode, **options):
    out = io.BytesIO()
    Image.fromarray(array, mode).save(out, "JPEG", **options)
    return out.getvalue()


def without_adobe(data):
    at = data.index(b"\xff\xee")
    return data[:at] + data[at + 2 + struct.unpack(">H", data[at + 2:at + 4])[0]:]


def with_transform(data, value):
    at = data.index(b"Adobe") + 11
    return data[:at] + bytes([value]) + data[at + 1:]


def pictures():
    rgb, grey, inks = scene(45, 37), scene(45, 37, 1)[..., 0], scene(33, 26, 4)
    yield "rgb-420.jpg", jpeg(rgb, "RGB", quality=80, subsampling="4:2:0")
    yield "rgb-422.jpg", jpeg(rgb, "RGB", quality=80, subsampling="4:2:2")
    yield "rgb-444.jpg", jpeg(rgb, "RGB", quality=80, subsampling="4:4:4")
    yield "rgb-progressive.jpg", jpeg(rgb, "RGB", quality=70, progressive=True)
    yield "rgb-restart.jpg", jpeg(rgb, "RGB", quality=70, restart_marker_blocks=2)
    yield "rgb-stored.jpg", jpeg(rgb, "RGB", quality=70, keep_rgb=True)
    exif = Image.Exif()
    exif[0x0112] = 6
    yield "rgb-turned.jpg", jpeg(rgb, "RGB", quality=70, exif=exif)
    yield "grey.jpg", jpeg(grey, "L", quality=80)
    yield "grey-progressive.jpg", jpeg(grey, "L", quality=80, progressive=True)
    yield "cmyk.jpg", jpeg(inks, "CMYK", quality=85)
    yield "cmyk-progressive.jpg", jpeg(inks, "CMYK", quality=85, progressive=True)
    yield "cmyk-no-adobe.jpg", without_adobe(jpeg(inks, "CMYK", quality=85))
    yield "ycck.jpg", with_transform(jpeg(inks, "CMYK", quality=85), 2)
    yield "one-pixel.jpg", jpeg(rgb[:1, :1].copy(), "RGB")

    palette = chunk(b"PLTE", noise(3 * 16, 3))
    for depth in (1, 2, 4, 8, 16):
        yield f"grey-{depth}.png", png(13, 11, depth, 0, depth)
    yield "grey-2-interlaced.png", png(13, 11, 2, 0, 5, True)
    yield "grey-16-interlaced.png", png(13, 11, 16, 0, 6, True)
    yield "grey-8-key.png", png(13, 11, 8, 0, 8, before=chunk(b"tRNS", struct.pack(">H", 77)))
    for depth in (8, 16):
        yield f"grey-alpha-{depth}.png", png(13, 11, depth, 4, depth + 1)
        yield f"rgb-{depth}.png", png(13, 11, depth, 2, depth + 2)
        yield f"rgb-alpha-{depth}.png", png(13, 11, depth, 6, depth + 3)
        yield f"rgb-alpha-{depth}-interlaced.png", png(13, 11, depth, 6, depth + 4, True)
    yield "rgb-8-gamma.png", png(13, 11, 8, 2, 20, before=chunk(b"gAMA", struct.pack(">I", 100000)))
    yield "rgb-16-key.png", png(13, 11, 16, 2, 21, before=chunk(b"tRNS", struct.pack(">HHH", 1, 2, 3)))
    for depth in (1, 2, 4):
        yield f"palette-{depth}.png", png(13, 11, depth, 3, 30 + depth, before=chunk(b"PLTE", noise(3 << depth, depth)))
    yield "palette-8-short.png", png(13, 11, 8, 3, 38, before=palette)
    yield "palette-4-alpha.png", png(13, 11, 4, 3, 39, before=palette + chunk(b"tRNS", noise(9, 4)))
    yield "palette-4-interlaced.png", png(13, 11, 4, 3, 40, True, palette)
    yield "one-pixel.png", png(1, 1, 8, 2, 41, True)


decoded = []
for name, data in pictures():
    path = os.path.join(here, name)
    if not os.path.exists(path):
        open(path, "wb").write(data)
    image = Image.open(path)
    rgb, grey = image.convert("RGB"), image.convert("L")
    decoded.append({"file": name, "width": rgb.width, "height": rgb.height,
                    "rgb": sha(rgb.tobytes()), "grey": sha(grey.tobytes())})

# Resizing: noise of width × height with 1 or 3 channels, seed = position in the table + 1.

sizes = [(16, 16, 8, 8), (17, 13, 5, 7), (5, 7, 17, 13), (1, 1, 9, 4), (9, 4, 1, 1), (1, 50, 7, 11), (50, 1, 11, 7),
         (33, 21, 33, 10), (33, 21, 12, 21), (33, 21, 33, 21), (64, 48, 63, 47), (63, 47, 64, 48), (100, 3, 7, 30),
         (40, 30, 200, 3), (7, 7, 28, 28), (257, 31, 16, 16), (2, 2, 3, 3), (3, 3, 2, 2),
         # Pillow takes columns first in pictures more than a hundred times as high as wide.
         (2, 200, 9, 50), (2, 201, 9, 50), (2, 201, 9, 250), (3, 400, 3, 40), (3, 400, 2, 40), (201, 2, 50, 9)]
names = ["nearest", "lanczos", "bilinear", "bicubic", "box", "hamming"]
resized = []
for number, (width, height, target_width, target_height) in enumerate(sizes):
    for channels, mode in ((1, "L"), (3, "RGB")):
        image = Image.frombytes(mode, (width, height), noise(width * height * channels, number + 1))
        resized.append({
            "width": width, "height": height, "targetWidth": target_width, "targetHeight": target_height,
            "channels": channels, "seed": number + 1,
            "hashes": {name: sha(image.resize((target_width, target_height), code).tobytes())
                       for code, name in enumerate(names)}})

# Preprocessing by the libraries themselves; of each result 49 values spread over it are kept.


def kept(values):
    flat = np.asarray(values, np.float32).reshape(-1)
    return [float(f"{flat[i]:.9g}") for i in np.linspace(0, len(flat) - 1, 49).astype(int)]


def hugging_face(config, image):
    import transformers
    kind = config.get("image_processor_type", "ViTImageProcessor") + "Pil"
    options = {key: value for key, value in config.items() if key != "image_processor_type"}
    processor = getattr(transformers, kind)(**options)
    return processor(image, return_tensors="np")["pixel_values"][0]


def timm_transform(config, image):
    from timm.data import create_transform, resolve_data_config
    options = resolve_data_config({}, pretrained_cfg=config["pretrained_cfg"])
    return create_transform(**options, is_training=False)(image).numpy()


def with_scheme(size):
    return {"image_processor_type": "BitImageProcessor", "size": {"shortest_edge": size},
            "crop_size": {"height": 24, "width": 24}}


cases = [
    ("huggingFace", with_scheme(28), "rgb-420.jpg", 3),
    ("huggingFace", with_scheme(24), "rgb-alpha-8.png", 3),
    ("huggingFace", with_scheme(17), "rgb-420.jpg", 3),
    ("huggingFace", with_scheme(9), "cmyk.jpg", 3),
    ("huggingFace", {"image_processor_type": "BitImageProcessor", "do_resize": False,
                     "crop_size": {"height": 40, "width": 52}}, "rgb-444.jpg", 3),
    ("huggingFace", {"image_processor_type": "ViTImageProcessor", "size": {"height": 30, "width": 19}},
     "rgb-422.jpg", 3),
    ("huggingFace", {"image_processor_type": "ViTImageProcessor", "size": 20, "resample": 3, "image_mean": 0.4,
                     "image_std": 0.2}, "rgb-422.jpg", 3),
    ("huggingFace", {"image_processor_type": "DeiTImageProcessor", "size": {"height": 31, "width": 31},
                     "crop_size": {"height": 28, "width": 28}}, "rgb-422.jpg", 3),
    ("huggingFace", {"image_processor_type": "CLIPImageProcessor", "size": 21, "crop_size": 18}, "cmyk.jpg", 3),
    ("huggingFace", {"image_processor_type": "SiglipImageProcessor", "size": {"height": 32, "width": 32},
                     "resample": 2, "do_normalize": False}, "rgb-8.png", 3),
    ("huggingFace", {"image_processor_type": "BeitImageProcessor", "size": {"height": 22, "width": 22},
                     "do_rescale": False, "do_normalize": False}, "rgb-8.png", 3),
    ("timm", {"pretrained_cfg": {"input_size": [3, 28, 28], "crop_pct": 0.9, "interpolation": "bicubic"}},
     "rgb-420.jpg", 3),
    ("timm", {"pretrained_cfg": {"input_size": [3, 32, 32], "crop_pct": 0.875, "interpolation": "bilinear",
                                 "mean": [0.5, 0.4, 0.3], "std": [0.5, 0.25, 0.125]}}, "rgb-alpha-8.png", 3),
    ("timm", {"pretrained_cfg": {"input_size": [3, 27, 27], "crop_pct": 1.0, "crop_mode": "squash"}},
     "rgb-422.jpg", 3),
    ("timm", {"pretrained_cfg": {"input_size": [3, 20, 30], "crop_pct": 0.8}}, "rgb-422.jpg", 3),
    ("timm", {"pretrained_cfg": {"input_size": [1, 28, 28], "crop_pct": 1.0, "mean": [0.286], "std": [0.353]}},
     "grey.jpg", 1),
]
prepared = []
for kind, config, name, channels in cases:
    image = Image.open(os.path.join(here, name)).convert("RGB" if channels == 3 else "L")
    values = (hugging_face if kind == "huggingFace" else timm_transform)(config, image)
    prepared.append({"kind": kind, "config": config, "file": name, "channels": channels,
                     "shape": list(values.shape), "values": kept(values)})

# The stamps photos: one hash over all of them, in the order of their paths, decoded and as a 256/224 crop.

stamps = known.get("stamps")
if len(sys.argv) > 1:
    paths = sorted(os.path.join(folder, name) for folder, _, names in os.walk(sys.argv[1]) for name in names
                   if name.lower().endswith(("jpg", "jpeg", "png")))
    whole, crops = hashlib.sha256(), hashlib.sha256()
    config = {"image_processor_type": "BitImageProcessor", "size": {"shortest_edge": 256},
              "crop_size": {"height": 224, "width": 224}, "do_rescale": False, "do_normalize": False}
    for path in paths:
        image = Image.open(path).convert("RGB")
        whole.update(image.tobytes())
        crops.update(np.ascontiguousarray(hugging_face(config, image).transpose(1, 2, 0)).astype(np.uint8).tobytes())
    stamps = {"count": len(paths), "decoded": whole.hexdigest(), "cropped": crops.hexdigest(), "config": config}

with open(os.path.join(here, "fixtures.json"), "w") as out:
    groups = {"decoded": decoded, "resized": resized, "prepared": prepared}
    lines = [f'"{name}": [\n' + ",\n".join(json.dumps(entry) for entry in entries) + "\n]"
             for name, entries in groups.items()]
    out.write("{\n" + ",\n".join(lines + ['"stamps": ' + json.dumps(stamps)]) + "\n}\n")

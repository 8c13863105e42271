"""Makes augmentation.json: what torchvision and timm make of pictures, and how what they draw is distributed.

Run with Pillow < 13, numpy, torch, torchvision and timm. The tests need no Python.
"""
import hashlib, json, math, os, random
import numpy as np
import torch
from PIL import Image
from timm.data.random_erasing import RandomErasing
from torchvision.transforms import InterpolationMode, RandomResizedCrop
from torchvision.transforms import functional as F

here = os.path.dirname(os.path.abspath(__file__))


def noise(count, seed):
    """The bytes of a linear congruential generator, which the tests repeat."""
    state, out = seed, bytearray()
    for _ in range(count):
        state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
        out.append(state >> 24)
    return bytes(out)


def picture(width, height, channels, seed):
    return Image.frombytes("L" if channels == 1 else "RGB", (width, height), noise(width * height * channels, seed))


def sha(image):
    return hashlib.sha256(image.tobytes()).hexdigest()


# Colours of 8-bit pictures.

adjust = {"brightness": F.adjust_brightness, "contrast": F.adjust_contrast, "saturation": F.adjust_saturation,
          "hue": F.adjust_hue}
factors = {"brightness": [0, 0.35, 0.6, 1, 1.17, 1.4, 3.3], "contrast": [0, 0.2, 0.75, 1, 1.3, 2.9],
           "saturation": [0, 0.4, 0.9, 1, 1.25, 3.7], "hue": [-0.5, -0.31, -0.1, 0, 0.001, 0.05, 0.27, 0.5]}
colours = []
for channels in (1, 3):
    # Large enough that every hue and many roundings occur.
    image = picture(90, 70, channels, channels + 50)
    for name, values in factors.items():
        for factor in values:
            colours.append({"adjustments": [[name, factor]], "channels": channels,
                            "hash": sha(adjust[name](image, factor))})
    for order in (["brightness", "contrast", "saturation", "hue"], ["hue", "saturation", "contrast", "brightness"]):
        changed = image
        for name in order:
            changed = adjust[name](changed, factors[name][1])
        colours.append({"adjustments": [[name, factors[name][1]] for name in order], "channels": channels,
                        "hash": sha(changed)})

# Parts of pictures, resized.

crops = []
filters = {"nearest": InterpolationMode.NEAREST, "bilinear": InterpolationMode.BILINEAR,
           "bicubic": InterpolationMode.BICUBIC, "lanczos": InterpolationMode.LANCZOS}
for left, top, width, height in [(0, 0, 61, 47), (5, 9, 30, 22), (40, 30, 21, 17), (7, 0, 1, 47), (60, 46, 1, 1),
                                 (3, 4, 24, 20), (11, 2, 50, 5)]:
    for channels in (1, 3):
        image = picture(61, 47, channels, channels)
        crops.append({"left": left, "top": top, "width": width, "height": height, "channels": channels,
                      "hashes": {name: sha(F.resized_crop(image, top, left, height, width, [20, 24], mode))
                                 for name, mode in filters.items()}})

# Distributions: mean and deviation of what is drawn.

DRAWS = 100_000


def moments(rows):
    rows = np.asarray(rows, float)
    return [{"mean": float(f"{m:.6g}"), "deviation": float(f"{d:.6g}")} for m, d in zip(rows.mean(0), rows.std(0))]


def described(left, top, width, height, whole_width, whole_height):
    return [width * height / (whole_width * whole_height), math.log(width / height),
            (left + width / 2) / whole_width, (top + height / 2) / whole_height]


torch.manual_seed(1)
drawn_crops = []
for width, height, area in [(640, 480, [0.08, 1]), (200, 200, [0.4, 0.9]), (50, 300, [0.3, 1])]:
    image = torch.zeros(1, height, width)
    rows = []
    for _ in range(DRAWS // 4):
        top, left, h, w = RandomResizedCrop.get_params(image, area, [3 / 4, 4 / 3])
        rows.append(described(left, top, w, h, width, height))
    drawn_crops.append({"width": width, "height": height, "area": area, "moments": moments(rows)})

random.seed(1)
drawn_erasures = []
for side, probability, area in [(28, 1, [0.02, 1 / 3]), (28, 0.25, [0.02, 1 / 3]), (32, 0.6, [0.3, 0.9])]:
    erasing = RandomErasing(probability=probability, min_area=area[0], max_area=area[1], device="cpu")
    rows, spared = [], 0
    for _ in range(DRAWS // 2):
        image = torch.ones(1, side, side)
        erasing(image)
        erased = np.argwhere(image[0].numpy() == 0)
        if len(erased) == 0:
            spared += 1
            continue
        (top, left), (bottom, right) = erased.min(0), erased.max(0) + 1
        rows.append(described(left, top, right - left, bottom - top, side, side))
    drawn_erasures.append({"side": side, "probability": probability, "area": area, "erased": 1 - spared / (DRAWS // 2),
                           "moments": moments(rows)})

with open(os.path.join(here, "augmentation.json"), "w") as out:
    groups = {"colours": colours, "crops": crops, "drawnCrops": drawn_crops, "drawnErasures": drawn_erasures}
    lines = [f'"{name}": [\n' + ",\n".join(json.dumps(entry) for entry in entries) + "\n]"
             for name, entries in groups.items()]
    out.write("{\n" + ",\n".join(lines) + "\n}\n")

"""Writes expected.txt: images that PIL, torchvision, torch and OpenCV prepare.

Debian 12: apt-get install python3-pil python3-numpy python3-opencv python3-torchvision; then /usr/bin/python3 fixtures.py.
Each line has tabs between the library, the description, the width and the height of the source, the width and the height of the
result, the element type (u1 or f4), and the elements as base64 in the order height, width, channel. The source follows from a formula, so that
it is not stored.
"""

import base64
import os

import cv2
import numpy as np
import torch
from PIL import Image
from torchvision.transforms import CenterCrop, InterpolationMode, Resize


def source(width, height):
    y, x, c = np.meshgrid(np.arange(height), np.arange(width), np.arange(3), indexing="ij")
    return (((x * 7 + y * 13 + c * 101) ^ (x * y * 3 + c * 29)) & 255).astype(np.uint8)


PIL_FILTERS = {"bilinear": Image.Resampling.BILINEAR, "bicubic": Image.Resampling.BICUBIC, "nearest-exact": Image.Resampling.NEAREST}
CV_FILTERS = {"bilinear": cv2.INTER_LINEAR, "bicubic": cv2.INTER_CUBIC, "nearest": cv2.INTER_NEAREST}
lines = []


def add(library, description, width, height, result):
    result = np.asarray(result)
    kind = "u1" if result.dtype == np.uint8 else "f4"
    data = base64.b64encode(np.ascontiguousarray(result, dtype="<" + kind).tobytes()).decode()
    lines.append("\t".join(map(str, [library, description, width, height, result.shape[1], result.shape[0], kind, data])))


def fit(width, height, target_width, target_height):
    scale = min(target_width / width, target_height / height)
    return round(width * scale), round(height * scale)


# The source, the result. Both sides smaller, both larger, one of each, halves, one side as it is, single rows, and much smaller.
SIZES = [
    ((97, 61), (40, 28)),
    ((13, 9), (31, 22)),
    ((41, 12), (19, 23)),
    ((48, 40), (24, 20)),
    ((51, 33), (51, 14)),
    ((29, 1), (11, 3)),
    ((400, 301), (13, 11)),
]

for (width, height), (target_width, target_height) in SIZES:
    image = Image.fromarray(source(width, height))
    for name, kind in PIL_FILTERS.items():
        add("PIL", f"resize({target_width},{target_height},{name})", width, height, image.resize((target_width, target_height), kind))
    for name, kind in CV_FILTERS.items():
        antialias = "" if name == "nearest" else ",antialias=false"
        result = cv2.resize(source(width, height), (target_width, target_height), interpolation=kind)
        add("OpenCV", f"resize({target_width},{target_height},{name}{antialias})", width, height, result)
    add("PIL", f"gray resize({target_width},{target_height})", width, height, image.convert("L").resize((target_width, target_height), Image.Resampling.BILINEAR))

for (width, height), shorter, (crop_width, crop_height) in [
    ((97, 61), 32, (28, 28)),
    ((61, 97), 31, (28, 30)),
    ((40, 33), 50, (35, 35)),
    ((33, 33), 20, (31, 24)),
    ((23, 90), 17, (24, 30)),
]:
    for name, mode in [("bilinear", InterpolationMode.BILINEAR), ("bicubic", InterpolationMode.BICUBIC)]:
        image = Resize(shorter, interpolation=mode)(Image.fromarray(source(width, height)))
        add("torchvision", f"resize({shorter},{name}) crop({crop_width},{crop_height})", width, height, CenterCrop((crop_height, crop_width))(image))

for (width, height), shorter in [((97, 61), 25), ((30, 77), 19)]:
    add("torchvision", f"resize({shorter})", width, height, Resize(shorter)(Image.fromarray(source(width, height))))

for (width, height), (crop_width, crop_height) in [((33, 21), (20, 14)), ((33, 20), (20, 31)), ((15, 12), (20, 17))]:
    image = Image.fromarray(source(width, height))
    add("torchvision", f"crop({crop_width},{crop_height})", width, height, CenterCrop((crop_height, crop_width))(image))

for (width, height), (target_width, target_height) in [((97, 61), (32, 32)), ((61, 97), (40, 30)), ((17, 10), (33, 31))]:
    new_width, new_height = fit(width, height, target_width, target_height)
    for name, kind in [("bilinear", Image.Resampling.BILINEAR), ("bicubic", Image.Resampling.BICUBIC)]:
        canvas = Image.new("RGB", (target_width, target_height), (7, 7, 7))
        canvas.paste(Image.fromarray(source(width, height)).resize((new_width, new_height), kind), (0, 0))
        add("PIL", f"fit({target_width},{target_height},{name},pad=7)", width, height, canvas)

    resized = cv2.resize(source(width, height), (new_width, new_height), interpolation=cv2.INTER_LINEAR)
    horizontal, vertical = (target_width - new_width) / 2, (target_height - new_height) / 2
    top, bottom = round(vertical - 0.1), round(vertical + 0.1)
    left, right = round(horizontal - 0.1), round(horizontal + 0.1)
    boxed = cv2.copyMakeBorder(resized, top, bottom, left, right, cv2.BORDER_CONSTANT, value=(114, 114, 114))
    add("OpenCV", f"letterbox({target_width},{target_height},antialias=false)", width, height, boxed)

# Images of floats are not rounded.
for (width, height), (target_width, target_height) in [((29, 17), (12, 9)), ((11, 7), (17, 13))]:
    image = torch.from_numpy(source(width, height)).permute(2, 0, 1)[None].float()
    for name in ["bilinear", "bicubic"]:
        for antialias in [True, False]:
            result = torch.nn.functional.interpolate(image, (target_height, target_width), mode=name, antialias=antialias)
            add("torch", f"resize({target_width},{target_height},{name},antialias={str(antialias).lower()})", width, height, result[0].permute(1, 2, 0).numpy())

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "expected.txt"), "w", newline="\n") as file:
    file.write("\n".join(lines) + "\n")

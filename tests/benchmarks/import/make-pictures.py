"""Writes COUNT pictures of 500 x 375 into FOLDER, a tenth of them into each of ten class folders.

    python3 make-pictures.py FOLDER COUNT FORMAT

Soft shapes with finer ones and noise on them; as JPEG (quality 88) a file has about 50 kB.
"""

import os
import sys

import numpy as np
from PIL import Image

folder, count, kind = sys.argv[1], int(sys.argv[2]), sys.argv[3]
for number in range(count):
    random = np.random.default_rng(number)
    pixels = np.full((375, 500, 3), 128, np.float32)
    for side, strength in ((4, 60), (16, 50), (64, 25), (256, 10)):
        noise = random.normal(0, strength, (max(2, side * 3 // 4), side, 3)).astype(np.float32)
        layers = [Image.fromarray(noise[..., channel]).resize((500, 375), Image.BICUBIC) for channel in range(3)]
        pixels += np.stack([np.asarray(layer) for layer in layers], -1)
    place = os.path.join(folder, f"class {number % 10}")
    os.makedirs(place, exist_ok=True)
    options = {"quality": 88} if kind == "jpg" else {"compress_level": 3}
    Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)).save(os.path.join(place, f"{number:05d}.{kind}"), **options)

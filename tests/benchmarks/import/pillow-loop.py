"""Opens every picture below FOLDER with Pillow, decodes it, and takes its size and SHA-256, on all cores.

    python3 pillow-loop.py FOLDER pixels|file

The SHA-256 is over the decoded pixels or over the file's bytes. Prints how many there were.
"""

import hashlib
import multiprocessing
import os
import sys

from PIL import Image


def look(path):
    with Image.open(path) as picture:
        picture.load()
        if sys.argv[2] == "pixels":
            digest = hashlib.sha256(picture.convert("RGB").tobytes()).hexdigest()
        else:
            with open(path, "rb") as file:
                digest = hashlib.sha256(file.read()).hexdigest()
        return picture.size, digest


if __name__ == "__main__":
    paths = [os.path.join(place, name) for place, _, names in os.walk(sys.argv[1]) for name in names]
    with multiprocessing.Pool(os.cpu_count()) as pool:
        print(sum(1 for _ in pool.imap_unordered(look, sorted(paths), 32)))

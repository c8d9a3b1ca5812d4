"""CA and ASR the reference's way, one run at a time: the peer of `ccw bench evaluate`.

Two passes over the same JPEG files, the second with a patch pasted on each picture; in both Pillow decodes, torchvision
prepares, a data loader with one process a core feeds, and open_clip's model is zero-shot over the prompts. Reads one JSON
object, prints {"torch": version}, then for each line runs both passes and prints {"ms": milliseconds, "peakBytes": the
main process's peak memory, "ca": ..., "asr": ...}. All cores, float32, weights at random.
"""

import json
import os
import sys
import time

import numpy
import torch
from PIL import Image
from pytorch_step import mixed_precision, open_model, peak_bytes
from torch.nn import functional as F
from torch.utils.data import DataLoader, Dataset
from torchvision import transforms


class Pictures(Dataset):
    def __init__(self, files, labels, resolution, patch):
        self.files = files
        self.labels = labels
        self.patch = patch
        self.prepare = transforms.Compose(
            [
                transforms.Resize(resolution, interpolation=transforms.InterpolationMode.BICUBIC),
                transforms.CenterCrop(resolution),
                transforms.ToTensor(),
                transforms.Normalize((0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711)),
            ]
        )

    def __len__(self):
        return len(self.files)

    def __getitem__(self, index):
        picture = Image.open(self.files[index]).convert("RGB")
        if self.patch is not None:
            picture.paste(self.patch, (picture.width - self.patch.width, picture.height - self.patch.height))
        return self.prepare(picture), self.labels[index]


@torch.no_grad()
def find_share(encode_image, classes, loader, target):
    """The share of pictures predicted as their label, or as the target where one is named."""
    right = total = 0
    for pixels, labels in loader:
        rows = F.normalize(encode_image(pixels), dim=-1)
        found = (rows @ classes).argmax(dim=-1).cpu()
        counted = torch.ones_like(labels, dtype=torch.bool) if target is None else labels != target
        right += int((found == (labels if target is None else target))[counted].sum())
        total += int(counted.sum())
    return right / max(1, total)


def main():
    sizes = json.loads(sys.stdin.readline())
    torch.manual_seed(0)
    model, encode_image, encode_text, device = open_model(sizes)
    model.eval()
    noise = numpy.random.default_rng(0).integers(0, 256, (16, 16, 3), dtype=numpy.uint8)
    tokens = torch.randint(1, sizes["vocabulary"] - 1, (sizes["classes"] * sizes["prompts"], sizes["textLength"]))
    tokens[:, -1] = sizes["vocabulary"] - 1
    tokens = tokens.to(device)
    print(json.dumps({"torch": torch.__version__}), flush=True)
    for _ in sys.stdin:
        start = time.perf_counter()
        shares = []
        for patch, target in ((None, None), (Image.fromarray(noise), 0)):
            with torch.no_grad(), mixed_precision(device):
                texts = F.normalize(encode_text(tokens), dim=-1).reshape(sizes["classes"], sizes["prompts"], -1)
                classes = F.normalize(texts.mean(dim=1), dim=-1).t()
            data = Pictures(sizes["files"], sizes["labels"], sizes["resolution"], patch)
            loader = DataLoader(data, batch_size=sizes["batchSize"], num_workers=os.cpu_count())
            with mixed_precision(device):
                shares.append(find_share(lambda pixels: encode_image(pixels.to(device)), classes, loader, target))
        ms = (time.perf_counter() - start) * 1000
        print(json.dumps({"ms": ms, "peakBytes": peak_bytes(device), "ca": shares[0], "asr": shares[1]}), flush=True)


if __name__ == "__main__":
    main()

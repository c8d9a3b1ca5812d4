"""One training step at a time in PyTorch: the peer of `ccw bench step`.

The demo's model is written out below; published architectures are open_clip's. Reads one JSON object with the sizes,
prints {"torch": version}, then for each line runs one AdamW step and prints {"ms": milliseconds, "peakBytes": the
process's peak memory}. All cores, float32; on a GPU by automatic mixed precision (bfloat16), with the GPU's peak.
"""

import contextlib
import json
import resource
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F


class Bottleneck(nn.Module):
    def __init__(self, inputs, width, stride):
        super().__init__()
        outputs = width * 4
        self.conv1 = nn.Conv2d(inputs, width, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.pool = nn.AvgPool2d(stride) if stride > 1 else nn.Identity()
        self.conv3 = nn.Conv2d(width, outputs, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(outputs)
        self.shortcut = None
        if stride > 1 or inputs != outputs:
            self.shortcut = nn.Sequential(
                nn.AvgPool2d(stride) if stride > 1 else nn.Identity(),
                nn.Conv2d(inputs, outputs, 1, bias=False),
                nn.BatchNorm2d(outputs),
            )

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)))
        y = self.pool(F.relu(self.bn2(self.conv2(y))))
        y = self.bn3(self.conv3(y))
        return F.relu(y + (x if self.shortcut is None else self.shortcut(x)))


class ImageTower(nn.Module):
    def __init__(self, width, embed_dim):
        super().__init__()
        half = width // 2
        self.stem = nn.Sequential(
            nn.Conv2d(3, half, 3, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(half),
            nn.ReLU(),
            nn.Conv2d(half, width, 3, padding=1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(),
        )
        self.stages = nn.Sequential(
            Bottleneck(width, width, 1),
            Bottleneck(width * 4, width * 2, 2),
            Bottleneck(width * 8, width * 4, 2),
        )
        self.proj = nn.Linear(width * 16, embed_dim)

    def forward(self, x):
        return self.proj(self.stages(self.stem(x)).mean(dim=(2, 3)))


class Block(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.ln_1 = nn.LayerNorm(width)
        self.attn = nn.MultiheadAttention(width, heads)
        self.ln_2 = nn.LayerNorm(width)
        self.c_fc = nn.Linear(width, width * 4)
        self.c_proj = nn.Linear(width * 4, width)

    def forward(self, x, mask):
        y = self.ln_1(x)
        x = x + self.attn(y, y, y, need_weights=False, attn_mask=mask)[0]
        y = self.c_fc(self.ln_2(x))
        return x + self.c_proj(y * torch.sigmoid(1.702 * y))


class TextTower(nn.Module):
    def __init__(self, vocabulary, length, width, heads, layers, embed_dim):
        super().__init__()
        self.token_embedding = nn.Embedding(vocabulary, width)
        self.positional_embedding = nn.Parameter(torch.randn(length, width) * 0.01)
        self.blocks = nn.ModuleList([Block(width, heads) for _ in range(layers)])
        self.ln_final = nn.LayerNorm(width)
        self.text_projection = nn.Parameter(torch.randn(width, embed_dim) * width**-0.5)
        self.register_buffer("mask", torch.full((length, length), float("-inf")).triu(1))

    def forward(self, tokens):
        x = (self.token_embedding(tokens) + self.positional_embedding).permute(1, 0, 2)
        for block in self.blocks:
            x = block(x, self.mask)
        x = self.ln_final(x.permute(1, 0, 2))
        return x[torch.arange(len(tokens)), tokens.argmax(dim=-1)] @ self.text_projection


class Clip(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        self.image = ImageTower(sizes["imageWidth"], sizes["embedDim"])
        self.text = TextTower(
            sizes["vocabulary"],
            sizes["textLength"],
            sizes["textWidth"],
            sizes["textHeads"],
            sizes["textLayers"],
            sizes["embedDim"],
        )
        self.logit_scale = nn.Parameter(torch.tensor(2.6593))


def compare(a, b, scale):
    return scale * F.normalize(a, dim=-1) @ F.normalize(b, dim=-1).t()


def mmcl(image, text, scale):
    logits = compare(image, text, scale)
    target = torch.arange(len(logits), device=logits.device)
    return (F.cross_entropy(logits, target) + F.cross_entropy(logits.t(), target)) / 2


def find_loss(image, text, scale, kind):
    if kind == "mmcl":
        return mmcl(image, text, scale)
    image, image_view = image.chunk(2)
    text, text_view = text.chunk(2)
    target = torch.arange(len(image), device=image.device)
    own = (
        F.cross_entropy(compare(image, image_view, scale), target)
        + F.cross_entropy(compare(text, text_view, scale), target)
    ) / 2
    return mmcl(image, text, scale) + own


def open_published(name):
    """A published architecture as open_clip builds it, with random weights."""
    import open_clip

    config = open_clip.get_model_config(name.replace("/", "-") + "-quickgelu")
    return open_clip.CLIP(**config)


def mixed_precision(device):
    if device.type == "cpu":
        return contextlib.nullcontext()
    return torch.autocast(device.type, dtype=torch.bfloat16)


def peak_bytes(device):
    if device.type == "cuda":
        return torch.cuda.max_memory_allocated(device)
    # Linux counts in kilobytes, macOS in bytes.
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def open_model(sizes):
    """The model that is named, on its device, with the functions of its two towers."""
    published = sizes["model"] != "demo"
    model = open_published(sizes["model"]) if published else Clip(sizes)
    encode_image = model.encode_image if published else model.image
    encode_text = model.encode_text if published else model.text
    device = torch.device(sizes.get("device", "cpu"))
    return model.to(device), encode_image, encode_text, device


def main():
    sizes = json.loads(sys.stdin.readline())
    torch.manual_seed(0)
    model, encode_image, encode_text, device = open_model(sizes)
    model.train()
    plain = ("bn", "ln", "bias", "logit_scale")
    named = list(model.named_parameters())
    optimiser = torch.optim.AdamW(
        [
            {"params": [p for n, p in named if not any(part in n for part in plain)], "weight_decay": 0.1},
            {"params": [p for n, p in named if any(part in n for part in plain)], "weight_decay": 0},
        ],
        lr=1e-5,
    )
    rows = sizes["batchSize"] * (2 if sizes["method"] == "cleanclip" else 1)
    pixels = torch.randn(rows, 3, sizes["resolution"], sizes["resolution"])
    if sizes["layout"] == "channels_last":
        model = model.to(memory_format=torch.channels_last)
        pixels = pixels.to(memory_format=torch.channels_last)
    tokens = torch.randint(1, sizes["vocabulary"] - 1, (rows, sizes["textLength"]))
    tokens[:, -1] = sizes["vocabulary"] - 1
    pixels, tokens = pixels.to(device), tokens.to(device)
    print(json.dumps({"torch": torch.__version__}), flush=True)
    for _ in sys.stdin:
        start = time.perf_counter()
        optimiser.zero_grad()
        with mixed_precision(device):
            loss = find_loss(encode_image(pixels), encode_text(tokens), model.logit_scale.exp(), sizes["method"])
        loss.backward()
        optimiser.step()
        with torch.no_grad():
            model.logit_scale.clamp_(0, 4.6052)
        loss.item()
        ms = (time.perf_counter() - start) * 1000
        print(json.dumps({"ms": ms, "peakBytes": peak_bytes(device)}), flush=True)


if __name__ == "__main__":
    main()

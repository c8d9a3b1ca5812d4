"""What PyTorch, open_clip and transformers make of a model: the peer of tests/peer and of `npm run bench:models`.

Reads one JSON task from standard input, prints one JSON answer. Tasks:
  make    a CLIP of open_clip with random weights, norms and running statistics included, as a state dict
  embed   loads FILE strictly in the way of FORMAT and embeds pictures and captions
  resume  loads the reference's epoch_N.pt with its optimiser and takes one AdamW step
"""

import json
import re
import resource
import sys
import time

import open_clip
import torch
from open_clip.model import CLIP, CLIPTextCfg, CLIPVisionCfg
from PIL import Image
from safetensors.torch import load_file, save_file


def build(task):
    config = task.get("config") or open_clip.get_model_config(task["architecture"])
    return CLIP(
        embed_dim=config["embed_dim"],
        vision_cfg=CLIPVisionCfg(**config["vision_cfg"]),
        text_cfg=CLIPTextCfg(**config["text_cfg"]),
        quick_gelu=task["quickGelu"],
    )


def make(task):
    torch.manual_seed(task["seed"])
    model = build(task)
    with torch.no_grad():
        for name, tensor in model.state_dict().items():
            if name.endswith("running_var"):
                tensor.uniform_(0.5, 1.5)
            elif name.endswith("running_mean"):
                tensor.normal_(0, 0.1)
            elif re.search(r"(bn\d|ln_\w+|downsample\.1)\.weight$", name):
                tensor.uniform_(0.5, 1.5)
            elif name.endswith("bias"):
                tensor.normal_(0, 0.02)
    torch.save(model.state_dict(), task["out"])
    return {"parameters": sum(p.numel() for p in model.parameters())}


def load(task):
    if task["format"] == "hf":
        from transformers import CLIPModel

        model, notes = CLIPModel.from_pretrained(task["path"], output_loading_info=True)
        lost = [*notes["missing_keys"], *notes["unexpected_keys"], *notes["mismatched_keys"]]
        if lost:
            raise SystemExit(f"not a strict load: {lost}")
        model.eval()
        return model
    model = build(task)
    if task["format"] == "safetensors":
        state = load_file(task["path"])
    else:
        state = torch.load(task["path"], map_location="cpu", weights_only=task["format"] == "open_clip")
    if task["format"] == "reference":
        state = {name.removeprefix("module."): value for name, value in state["state_dict"].items()}
    model.load_state_dict(state, strict=True)
    model.eval()
    return model


def embed(task):
    begun = time.time()
    model = load(task)
    loaded = time.time()
    with torch.no_grad():
        pixels = open_clip.image_transform(task["resolution"], is_train=False)
        # To RGB first, as the reference's figures have it: open_clip resizes palette and alpha pictures as they are.
        images = torch.stack([pixels(Image.open(path).convert("RGB")) for path in task["pictures"]])
        tokens = open_clip.get_tokenizer("ViT-B-32")(task["captions"])
        if task["format"] == "hf":
            image = model.get_image_features(pixel_values=images)
            text = model.get_text_features(input_ids=tokens)
            # transformers 5 answers with an object that holds the features.
            image, text = (getattr(x, "pooler_output", x) for x in (image, text))
        else:
            image, text = model.encode_image(images), model.encode_text(tokens)
    if "out" in task:
        save_file({"images": image.contiguous(), "texts": text.contiguous()}, task["out"])
    return {"loadSeconds": loaded - begun, "embedSeconds": time.time() - loaded, "parameters": sum(p.numel() for p in model.parameters())}


def resume(task):
    checkpoint = torch.load(task["path"], map_location="cpu", weights_only=False)
    model = build(task)
    model.load_state_dict({k.removeprefix("module."): v for k, v in checkpoint["state_dict"].items()})
    # open_clip registers a block's parts in another order than the reference: its own is that of the state dict.
    parameters = dict(model.named_parameters())
    ordered = [(n, parameters[n]) for k in checkpoint["state_dict"] if (n := k.removeprefix("module.")) in parameters]
    spared = [(n, p) for n, p in ordered if any(part in n for part in ("bn", "ln", "bias", "logit_scale"))]
    others = [(n, p) for n, p in ordered if not any(n == name for name, _ in spared)]
    optimiser = torch.optim.AdamW(
        [{"params": [p for _, p in spared], "weight_decay": 0}, {"params": [p for _, p in others], "weight_decay": 0.1}],
        lr=5e-4,
        betas=(0.9, 0.999),
        eps=1e-8,
    )
    optimiser.load_state_dict(checkpoint["optimizer"])
    for name, parameter in [*spared, *others]:
        state = optimiser.state[parameter]
        for kind in ("exp_avg", "exp_avg_sq"):
            if state and state[kind].shape != parameter.shape:
                raise SystemExit(f"{kind} of {name} has the shape {tuple(state[kind].shape)}")
    begun = {name: float(optimiser.state[p]["exp_avg"].flatten()[0]) for name, p in spared + others if optimiser.state[p]}
    for parameter in model.parameters():
        parameter.grad = torch.zeros_like(parameter)
    optimiser.step()
    steps = {float(state["step"]) for state in optimiser.state.values()}
    return {"steps": sorted(steps), "firstMoments": begun}


task = json.loads(sys.stdin.read())
answer = {"make": make, "embed": embed, "resume": resume}[task["task"]](task)
answer["peakBytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
print(json.dumps(answer))

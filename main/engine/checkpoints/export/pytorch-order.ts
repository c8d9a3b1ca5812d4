/**
 * Parts of names in the order in which the modules of OpenAI's CLIP register them (clip/model.py): a module's own
 * tensors come before those of the modules in it, and PyTorch numbers an optimiser's parameters in this order.
 */
const registered = [
  ...['class_embedding', 'positional_embedding', 'proj', 'text_projection', 'logit_scale'],
  ...['in_proj_weight', 'in_proj_bias', 'weight', 'bias'],
  ...['running_mean', 'running_var', 'num_batches_tracked'],
  ...['visual', 'conv1', 'bn1', 'conv2', 'bn2', 'conv3', 'bn3', 'downsample'],
  ...['layer1', 'layer2', 'layer3', 'layer4', 'attnpool', 'k_proj', 'q_proj', 'v_proj'],
  ...['ln_pre', 'transformer', 'resblocks', 'attn', 'out_proj', 'ln_1', 'mlp', 'c_fc', 'c_proj', 'ln_2'],
  ...['ln_post', 'token_embedding', 'ln_final', 'head'],
];
const places = new Map(registered.map((part, place) => [part, place]));

/** Names of a CLIP's tensors in PyTorch's order. */
export function inPytorchOrder(names: Iterable<string>): string[] {
  return [...names].sort(compareNames);
}

function compareNames(a: string, b: string): number {
  const [left, right] = [a.split('.'), b.split('.')];
  for (let at = 0; at < Math.min(left.length, right.length); at++) {
    const difference = placeOf(left[at]!) - placeOf(right[at]!);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

function placeOf(part: string): number {
  return places.get(part) ?? Number(part);
}

import type { ClipConfig } from '#contract/clip-config.ts';

/** Sizes of published models beyond those that can be trained from scratch: Radford et al. 2021, tables 19 and 20; open_clip. */
const vits = [
  ['ViT-B/32', 32, 768, 12, 224],
  ['ViT-B/16', 16, 768, 12, 224],
  ['ViT-L/14', 14, 1024, 24, 224],
  ['ViT-L/14@336', 14, 1024, 24, 336],
  ['ViT-H/14', 14, 1280, 32, 224],
] as const;
const resNets = [
  ['RN50', [3, 4, 6, 3], 64, 224],
  ['RN101', [3, 4, 23, 3], 64, 224],
  ['RN50x4', [4, 6, 10, 6], 80, 288],
  ['RN50x16', [6, 8, 18, 8], 96, 384],
  ['RN50x64', [3, 15, 36, 10], 128, 448],
] as const;

/** The published name of an image tower, or its sizes in words. */
export function nameArchitecture({ image }: ClipConfig): string {
  if (image.kind === 'vit') {
    const { patchSize, width, layers, resolution } = image;
    const known = vits.filter(
      ([, patch, wide, deep]) => patch === patchSize && wide === width && deep === layers,
    );
    const exact = known.find(([, , , , side]) => side === resolution);
    if (exact) return exact[0];
    if (known[0]) return `${known[0][0].replace(/@.*/, '')}@${resolution}`;
    return `ViT/${patchSize}, ${layers} ${layers === 1 ? 'layer' : 'layers'} of ${width}`;
  }
  const { layers, width, resolution } = image;
  const known = resNets.find(([, deep, wide]) => deep.join() === layers.join() && wide === width);
  if (known) return known[3] === resolution ? known[0] : `${known[0]}@${resolution}`;
  return `ResNet ${layers.join('-')}, width ${width}`;
}

/** Heads where no config says: width / 64, as in OpenAI's code; open_clip's ViT-H/14 alone has heads of 80. */
export function guessHeads(width: number): number {
  if (width === 1280) return 16;
  return Math.max(1, Math.floor(width / 64));
}

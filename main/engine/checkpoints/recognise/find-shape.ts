import type { ClipConfig, ImageTowerConfig, TextTowerConfig } from '#contract/clip-config.ts';
import type { SourceTensor } from '../tensor-source.ts';
import { guessHeads } from './known-shapes.ts';
import type { ModelNotes } from './model-notes.ts';

/** What is wrong with the shapes of a file. */
export class ShapeError extends Error {}

/**
 * A CLIP's sizes from the shapes of its tensors under OpenAI's names; heads, which no shape shows, from the config or
 * as OpenAI's code has them.
 * @throws ShapeError with what is missing
 */
export function findShape(tensors: ReadonlyMap<string, SourceTensor>, notes: ModelNotes): ClipConfig {
  const side = (name: string, axis: number): number => {
    const size = tensors.get(name)?.shape[axis];
    if (size === undefined || size < 1) throw new ShapeError(`it has no ${name}`);
    return size;
  };
  const image = tensors.has('visual.class_embedding')
    ? findVit(side, countBlocks(tensors, 'visual.transformer.resblocks'), notes)
    : findResNet(tensors, side, notes);
  return { embedDim: side('text_projection', 1), image, text: findText(tensors, side, notes) };
}

type Side = (name: string, axis: number) => number;

function findVit(side: Side, layers: number, notes: ModelNotes): ImageTowerConfig {
  const width = side('visual.class_embedding', 0);
  const patchSize = side('visual.conv1.weight', 2);
  const grid = findGrid(side('visual.positional_embedding', 0));
  if (side('visual.transformer.resblocks.0.mlp.c_fc.weight', 0) !== 4 * width) {
    throw new ShapeError('its blocks are not four times as wide inside');
  }
  const { imageHeads, imageHeadWidth } = notes;
  const heads = imageHeads ?? (imageHeadWidth === undefined ? guessHeads(width) : width / imageHeadWidth);
  checkHeads(width, heads);
  return { kind: 'vit', resolution: grid * patchSize, patchSize, width, layers, heads };
}

function findResNet(
  tensors: ReadonlyMap<string, SourceTensor>,
  side: Side,
  { imageHeadWidth = 64 }: ModelNotes,
): ImageTowerConfig {
  const layers: number[] = [];
  while (tensors.has(`visual.layer${layers.length + 1}.0.conv1.weight`)) {
    const stage = `visual.layer${layers.length + 1}`;
    let blocks = 0;
    while (tensors.has(`${stage}.${blocks}.conv1.weight`)) blocks += 1;
    layers.push(blocks);
  }
  if (layers.length === 0)
    throw new ShapeError(
      'it has neither a ViT nor a ModifiedResNet among the names that begin with “visual”',
    );
  const width = side('visual.layer1.0.conv1.weight', 0);
  const grid = findGrid(side('visual.attnpool.positional_embedding', 0));
  const heads = Math.max(1, Math.floor((width * 32) / imageHeadWidth));
  checkHeads(side('visual.attnpool.positional_embedding', 1), heads);
  return {
    kind: 'modified-resnet',
    resolution: grid * 4 * 2 ** (layers.length - 1),
    layers,
    width,
    stem: 'clip',
    pooling: { kind: 'attention', heads },
  };
}

/** Patches a side of a picture with so many positions, the class token's or the mean's among them. */
function findGrid(positions: number): number {
  const grid = Math.sqrt(positions - 1);
  if (Number.isInteger(grid) && grid > 0) return grid;
  throw new ShapeError(`its ${positions} positions are not those of a square picture and one token more`);
}

function findText(
  tensors: ReadonlyMap<string, SourceTensor>,
  side: Side,
  notes: ModelNotes,
): TextTowerConfig {
  const width = side('token_embedding.weight', 1);
  const heads = notes.textHeads ?? Math.max(1, Math.floor(width / 64));
  checkHeads(width, heads);
  return {
    contextLength: side('positional_embedding', 0),
    vocabularySize: side('token_embedding.weight', 0),
    width,
    heads,
    layers: countBlocks(tensors, 'transformer.resblocks'),
  };
}

function countBlocks(tensors: ReadonlyMap<string, SourceTensor>, name: string): number {
  let count = 0;
  while (tensors.has(`${name}.${count}.ln_1.weight`)) count += 1;
  if (count === 0) throw new ShapeError(`it has no ${name}.0`);
  return count;
}

function checkHeads(width: number, heads: number): void {
  if (!Number.isInteger(heads) || heads < 1 || width % heads !== 0)
    throw new ShapeError(`${heads} heads do not divide a width of ${width}`);
}

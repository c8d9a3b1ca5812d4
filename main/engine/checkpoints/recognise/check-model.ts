import type { ClipConfig, ModelSpec } from '#contract/clip-config.ts';
import { WorkbenchError } from '#contract/errors.ts';
import { largestResolution } from '#contract/model-files.ts';
import { shorten } from '../quote.ts';
import type { ModelNotes } from './model-notes.ts';

/**
 * A description that notes in a file give, or shapes do, before anything is set aside for it.
 * @param tensors how many there are: every block has some of its own
 * @throws WorkbenchError `corrupt-file` for sizes that contradict one another or make no sense
 */
export function checkSpec(path: string, { clip, vocabulary }: ModelSpec, tensors: number): void {
  const refuse = (reason: string) =>
    new WorkbenchError('corrupt-file', `${path} holds no CLIP that can be: ${reason}.`, { path, reason });
  const { image, text } = clip;
  const blocks = image.kind === 'vit' ? image.layers : image.layers.reduce((sum, stage) => sum + stage, 0);
  if (blocks + text.layers > tensors)
    throw refuse(`it has ${tensors} tensors and should have ${blocks + text.layers} blocks`);
  if (image.resolution > largestResolution)
    throw refuse(`its pictures have ${image.resolution} px a side, more than ${largestResolution}`);
  const heads = image.kind === 'vit' ? [image, text] : [text];
  for (const { width, heads: count } of heads)
    if (width % count !== 0) throw refuse(`${count} heads do not divide a width of ${width}`);
  if (vocabulary !== null && vocabulary.length !== text.vocabularySize)
    throw refuse(`its vocabulary has ${vocabulary.length} tokens and its table ${text.vocabularySize} rows`);
}

/** @throws WorkbenchError `bad-input` where a config states another size than the weights have */
export function refuseContradiction(
  path: string,
  config: string | null,
  clip: ClipConfig,
  { sizes = [] }: ModelNotes,
): void {
  const wrong = sizes.find(({ stated, shown }) => String(stated) !== String(shown(clip)));
  if (wrong === undefined) return;
  const { name, stated, shown } = wrong;
  throw new WorkbenchError(
    'bad-input',
    `${path} and its ${config ?? 'config'} do not belong together: ${name} is ${stated}, and the weights have ${shown(clip)}. Give the weights with their own config, or alone.`,
    { path, setting: name, stated, shown: shown(clip) },
  );
}

/** Blocks of a tower: a tensor that is left over there is a part of a tower that the engine would run wrongly. */
const inBlocks = /(^|\.)(resblocks\.\d+|layer[1-9]\d*\.\d+|encoder\.layers\.\d+)\./;

/** @throws WorkbenchError `bad-input` with the name of a tensor that belongs to a block and has no place in it */
export function refuseUnplacedInBlocks(path: string, leftover: readonly string[]): void {
  const unplaced = leftover.find((name) => inBlocks.test(name));
  if (unplaced === undefined) return;
  throw new WorkbenchError(
    'bad-input',
    `${path}: tensor ${shorten(unplaced)} has no place in CLIP's blocks: a block before it is missing, or they are of another kind.`,
    { path, tensor: unplaced },
  );
}

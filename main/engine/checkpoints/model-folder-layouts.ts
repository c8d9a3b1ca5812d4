import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { WorkbenchError } from '#contract/errors.ts';

/** How programs lay out a folder with a model: the config beside the weights, and names of the weights in order. */
const layouts = [
  {
    config: 'open_clip_config.json',
    weights: ['open_clip_model.safetensors', 'open_clip_pytorch_model.bin'],
  },
  {
    config: 'config.json',
    weights: [
      'model.safetensors',
      'model.safetensors.index.json',
      'pytorch_model.bin',
      'pytorch_model.bin.index.json',
    ],
  },
  { config: 'model.json', weights: ['weights.safetensors'] },
] as const;

/** transformers' note of how pictures are prepared. */
export const preprocessorName = 'preprocessor_config.json';

const weightFile = /\.(safetensors|pt|pth|bin)$/;

/** Whether a file of this name belongs to a folder's layout, so that a config beside it is its own. */
export const isLayoutName = (name: string): boolean =>
  layouts.some(({ weights }) => weights.some((known) => known === name));

/**
 * The weights in a folder: under a name that is known, or the only file that can hold some.
 * @throws WorkbenchError `bad-input` where there are none, or several of which none has a known name
 */
export function findWeightFile(folder: string): string {
  const known = layouts.flatMap(({ weights }) => weights);
  const found = known.find((name) => existsSync(path.join(folder, name)));
  if (found !== undefined) return path.join(folder, found);
  const others = readdirSync(folder).filter((name) => weightFile.test(name));
  const [only] = others;
  if (only !== undefined && others.length === 1) return path.join(folder, only);
  throw new WorkbenchError(
    'bad-input',
    others.length === 0
      ? `${folder} holds no weights under a name that is known (${known.join(', ')}), and no other .safetensors, .pt, .pth or .bin.`
      : `${folder} holds ${others.length} files that may be weights, none under a name that is known (${known.join(', ')}). Give the file itself.`,
    { path: folder },
  );
}

/** The configs to look for beside weights of this name: first that of their own layout. */
export function configNamesFor(weights: string): string[] {
  const own = layouts.filter((layout) => layout.weights.some((known) => known === weights));
  return [...own, ...layouts.filter((layout) => !own.includes(layout))].map(({ config }) => config);
}

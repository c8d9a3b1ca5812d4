import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { NewRecord } from '#contract/dataset.ts';
import type { RunConfig } from '#contract/run.ts';
import { hashPicture } from '#core/pixels/picture-hash.ts';
import { createRandom } from '#core/random/random.ts';
import { importDataset } from '#db/datasets/dataset-import.ts';
import { encodePng } from '#main/data/pictures/decode-picture.ts';
import type { JobContext } from '#main/workbench/engine/job-context.ts';
import { completeConfig, type PartialConfig } from '#main/workbench/runs/complete-config.ts';
import type { Workspace } from '#main/workbench/workspace.ts';

/** A folder under the system's temporary one or another, with a function that removes it. */
export function makeFolder(parent = tmpdir()): { folder: string; remove: () => void } {
  const folder = mkdtempSync(join(parent, 'ccw-test-'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** A context that is silent and never interrupted. */
export function silentContext(): JobContext {
  return {
    reporter: { progress: () => {}, say: () => {} },
    interrupt: { gentle: new AbortController().signal, hard: new AbortController().signal },
    device: null,
  };
}

const side = 12;

/** A picture of a colour with noise that the name decides: pictures of one class look alike. */
export async function writeNoisyPicture(
  path: string,
  hue: readonly [number, number, number],
): Promise<string> {
  const random = createRandom('test picture', path.split('/').slice(-2).join('/'));
  const data = new Uint8Array(side * side * 3);
  for (let index = 0; index < data.length; index += 1) {
    data[index] = Math.floor((hue[index % 3] ?? 0) * random.uniform(0.7, 1));
  }
  const picture = { width: side, height: side, data };
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, await encodePng(picture));
  return hashPicture(picture);
}

export const hues = { red: [255, 30, 30], green: [30, 255, 30], blue: [30, 30, 255] } as const;
export type Hue = keyof typeof hues;

/** How many pictures of each class and split {@link importSmallDataset} makes. */
export const smallCounts = { train: 8, test: 3 } as const;

/**
 * A dataset of three colours, 8 training and 3 test pictures each, and 2 training pictures without a label, under
 * `folder`. Training pictures of red have the names crimson and scarlet in turn.
 */
export async function importSmallDataset(workspace: Workspace, folder: string, name = 'colours') {
  const records: NewRecord[] = [];
  const add = async (split: 'train' | 'test', label: Hue | null, number: number) => {
    const key = `${split}/${label ?? 'unlabelled'}-${number}.png`;
    const sha256 = await writeNoisyPicture(join(folder, key), hues[label ?? 'green']);
    records.push({
      key,
      caption: `a picture of ${label ?? 'something'}, number ${number}`,
      label,
      name: label === 'red' ? (number % 2 === 0 ? 'crimson' : 'scarlet') : null,
      split,
      sha256,
      width: side,
      height: side,
    });
  };
  for (const split of ['train', 'test'] as const) {
    for (const label of Object.keys(hues) as Hue[]) {
      for (let number = 0; number < smallCounts[split]; number += 1) await add(split, label, number);
    }
  }
  for (let number = 0; number < 2; number += 1) await add('train', null, number);
  return importDataset(
    workspace.db,
    {
      name,
      source: { kind: 'folder', path: folder },
      root: folder,
      prompts: ['a photo of {}.'],
      captionTemplates: ['{label}, a {class}', '{} {tag}'],
    },
    [records],
  );
}

/** A configuration that trains the demo's model from scratch, by default on {@link importSmallDataset}'s 'colours'. */
export function scratchConfig(
  settings: Record<string, unknown>,
  choice: Partial<PartialConfig> = {},
): RunConfig {
  return completeConfig({
    start: { kind: 'scratch', architecture: 'demo' },
    data: { kind: 'dataset', id: 'colours' },
    method: 'mmcl',
    settings,
    ...choice,
  });
}

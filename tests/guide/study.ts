import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NewRecord } from '#contract/dataset.ts';
import { sweepFileSchema } from '#contract/sweep.ts';
import { hashPicture } from '#core/pixels/picture-hash.ts';
import { createRandom } from '#core/random/random.ts';
import { importDataset } from '#db/datasets/dataset-import.ts';
import { encodePng } from '#main/data/pictures/decode-picture.ts';
import { withEngines } from '#main/workbench/engine/queue.ts';
import { runSweep } from '#main/workbench/sweeps/run-sweep.ts';
import { createSweep } from '#main/workbench/sweeps/sweeps.ts';
import { openWorkspace, type Workspace } from '#main/workbench/workspace.ts';
import { silentContext } from '../workbench/fixtures.ts';

const classes = {
  red: [230, 60, 60],
  orange: [230, 140, 50],
  yellow: [220, 210, 60],
  green: [60, 190, 80],
  blue: [60, 90, 220],
  violet: [150, 70, 200],
} as const;
const counts = { train: 60, test: 30 } as const;
const side = 16;

/** Pictures of six colours, so noisy that neighbours are taken for each other. */
async function importColours(workspace: Workspace, folder: string): Promise<void> {
  const records: NewRecord[] = [];
  for (const split of ['train', 'test'] as const) {
    mkdirSync(join(folder, split), { recursive: true });
    for (const [label, colour] of Object.entries(classes)) {
      for (let number = 0; number < counts[split]; number += 1) {
        const key = `${split}/${label}-${number}.png`;
        const random = createRandom('guide picture', key);
        const tint = colour.map((part) => part + random.uniform(-70, 70));
        const data = Uint8Array.from({ length: side * side * 3 }, (_, at) =>
          Math.max(0, Math.min(255, (tint[at % 3] ?? 0) + random.uniform(-60, 60))),
        );
        const picture = { width: side, height: side, data };
        writeFileSync(join(folder, key), await encodePng(picture));
        const sha256 = hashPicture(picture);
        records.push({
          key,
          caption: `a ${label} picture`,
          label,
          name: null,
          split,
          sha256,
          width: side,
          height: side,
        });
      }
    }
  }
  await importDataset(
    workspace.db,
    {
      name: 'colours',
      source: { kind: 'folder', path: folder },
      root: folder,
      prompts: ['a {} picture'],
      captionTemplates: ['a {} picture'],
    },
    [records],
  );
}

/** Repairs of one poisoned model with two learning rates, four lambdas and five seeds: 40 runs. */
export const studyFile = sweepFileSchema.parse({
  name: 'lambda-and-rate',
  run: {
    data: { dataset: 'colours', selection: { fraction: 1 } },
    start: {
      run: {
        name: 'poisoned',
        data: { dataset: 'colours' },
        attack: {
          resolution: 16,
          parts: [
            {
              trigger: {
                kind: 'patch',
                size: 4,
                pattern: ['10', '01'],
                place: { kind: 'corner', corner: 'bottom-right', margin: 0 },
              },
              target: 'red',
              amount: { kind: 'count', count: 60 },
            },
          ],
        },
        method: 'mmcl',
        settings: { epochs: 12, batchSize: 40, warmupSteps: 10 },
      },
    },
    method: 'cleanclip',
    settings: { epochs: 3, batchSize: 40, warmupSteps: 3 },
  },
  vary: { learningRate: [0.0001, 0.0003], lambda: [1, 2, 4, 8], seed: [0, 1, 2, 3, 4] },
});

/** A workspace with a study of 41 real, small runs; takes five minutes of processor time. */
export async function makeStudyWorkspace(folder: string): Promise<void> {
  const workspace = openWorkspace(folder);
  try {
    await importColours(workspace, join(folder, 'pictures'));
    const sweep = createSweep(workspace, studyFile);
    const context = silentContext();
    await withEngines(workspace, context, (engine) =>
      runSweep({ workspace, engine, context }, sweep.id, () => {}),
    );
  } finally {
    workspace.close();
  }
}

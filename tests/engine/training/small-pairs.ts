import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { EngineRecord, TrainJob } from '#contract/engine.ts';
import { type MethodName, presetFor } from '#contract/methods/method-registry.ts';
import { runConfigSchema } from '#contract/run.ts';
import { createRandom } from '#core/random/random.ts';
import { writeRecordsFile } from '#main/data/feeding/records-file.ts';
import { encodePng } from '#main/data/pictures/decode-picture.ts';

const colours: Record<string, [number, number, number]> = {
  red: [200, 30, 40],
  green: [30, 180, 60],
  blue: [40, 60, 210],
  yellow: [220, 210, 40],
};

/** Pictures of one noisy colour each, with captions that name it: pairs that a small model learns within a few steps. */
export async function writeSmallPairs(
  count: number,
): Promise<{ folder: string; recordsFile: string; classes: string[] }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'small-pairs-'));
  const classes = Object.keys(colours).sort();
  const random = createRandom('small-pairs');
  const records: EngineRecord[] = [];
  for (let index = 0; index < count; index++) {
    const label = classes[index % classes.length]!;
    const data = new Uint8Array(32 * 32 * 3);
    for (let at = 0; at < data.length; at++) data[at] = colours[label]![at % 3]! + random.integer(40) - 20;
    const image = path.join(folder, `${index}.png`);
    await writeFile(image, await encodePng({ width: 32, height: 32, data }));
    records.push({
      recordId: index + 1,
      key: `${index}.png`,
      image,
      caption: `a ${label} square number ${index % 10}`,
      label,
      poisoned: false,
    });
  }
  const recordsFile = path.join(folder, 'records.jsonl');
  await writeRecordsFile(recordsFile, records);
  return { folder, recordsFile, classes };
}

/** What a test changes of a method's demo settings. */
export type SmallSettings = Record<string, number | string>;

/** A job over {@link writeSmallPairs}: two epochs of four batches of 16. */
export function smallJob(
  data: { folder: string; recordsFile: string; classes: string[] },
  method: MethodName,
  output: string,
  changes: Omit<Partial<TrainJob>, 'config'> & { seed?: number; settings?: SmallSettings } = {},
): TrainJob {
  const { settings, seed = 0, ...rest } = changes;
  const { start = null } = rest;
  const from = start === null ? 'scratch' : 'model';
  return {
    kind: 'train',
    runId: output,
    config: runConfigSchema.parse({
      start: start === null ? { kind: 'scratch', architecture: 'demo' } : { kind: 'model', model: 'mdl-0' },
      data: { kind: 'dataset', id: 'dst-0', selection: { fraction: 1, withoutPoisoned: false } },
      method,
      settings: {
        ...presetFor(method, from).settings,
        epochs: 2,
        batchSize: 16,
        warmupSteps: 2,
        ...settings,
      },
      seed,
    }),
    recordsFile: data.recordsFile,
    attacks: [],
    promptTexts: [],
    classes: data.classes,
    start,
    resume: null,
    outputFolder: path.join(data.folder, output),
    ...rest,
  };
}

import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { ParityCheck, ParityReport } from '#contract/engine.ts';
import { WorkbenchError } from '#contract/errors.ts';
import { augmentPart } from './augment.ts';
import { checkpointsPart } from './checkpoints.ts';
import { clipRnPart } from './clip-rn.ts';
import { clipVitPart } from './clip-vit.ts';
import { detectionPart } from './detection.ts';
import { lossesPart } from './losses.ts';
import { methodsPart } from './methods.ts';
import { modelsPart } from './models.ts';
import type { ParityPart } from './part.ts';
import { preprocessPart } from './preprocess.ts';
import { retrievalPart } from './retrieval.ts';
import { schedulePart } from './schedule.ts';
import { tokenizerPart } from './tokenizer.ts';
import { triggersPart } from './triggers.ts';
import { zeroshotPart } from './zeroshot.ts';

/** Every part of the reference figures that is checked, in the order of the report. */
export const parityParts: readonly ParityPart[] = [
  lossesPart,
  methodsPart,
  detectionPart,
  clipRnPart,
  clipVitPart,
  checkpointsPart,
  modelsPart,
  preprocessPart,
  tokenizerPart,
  zeroshotPart,
  retrievalPart,
  schedulePart,
  triggersPart,
  augmentPart,
];

/** Files of a folder of figures that hold no figures. */
const notes = ['README'];

/**
 * Checks a folder laid out like tests/fixtures/reference, part by part, on the current backend. A part whose files are
 * damaged is a failed check with a message; a folder with nothing to check is a failure; what no part covers is listed.
 * @throws WorkbenchError `not-found` where the folder does not exist
 */
export async function checkFixtures(folder: string): Promise<ParityReport> {
  const root = path.resolve(folder);
  const present = parityParts.filter(({ files }) => files.some((file) => existsSync(path.join(root, file))));
  const notCovered = await listUncovered(root);
  const checks: ParityCheck[] = [];
  for (const part of present) checks.push(...(await checkPart(part, root)));
  return { checks, notCovered, ok: checks.length > 0 && checks.every(({ ok }) => ok) };
}

async function checkPart(part: ParityPart, root: string): Promise<ParityCheck[]> {
  try {
    return await part.check(root);
  } catch (error) {
    if (!(error instanceof WorkbenchError)) throw error;
    const { message } = error;
    return [{ name: part.name, error: Number.MAX_VALUE, tolerance: 0, ok: false, message }];
  }
}

/** Names of files and folders, without their endings, that belong to no part. */
async function listUncovered(root: string): Promise<string[]> {
  if (!existsSync(root)) {
    const message = `There is no folder ${root}. Give a folder laid out like tests/fixtures/reference.`;
    throw new WorkbenchError('not-found', message, { folder: root });
  }
  const covered = new Set(parityParts.flatMap(({ files }) => files.map((file) => file.split('/')[0])));
  const entries = (await readdir(root)).filter((entry) => !covered.has(entry) && !entry.startsWith('.'));
  const names = new Set(entries.map((entry) => path.parse(entry).name));
  return [...names].filter((name) => !notes.includes(name)).sort();
}

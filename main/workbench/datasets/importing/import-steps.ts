import { resolve } from 'node:path';
import type { NewRecord, SkippedRow } from '#contract/dataset.ts';
import type { ImportNote } from '#contract/import.ts';
import { createPacker, type PackedRecords } from '#db/datasets/pack-records.ts';
import { checkPairs, recordOf } from '#main/data/importing/check-pairs.ts';
import { type ImportOptions, type Reached, readFound } from '#main/data/importing/read-found.ts';
import type { Reading, ReadProgress } from '#main/data/readers/reader.ts';
import { isMissingForPandas } from '../../variants/pandas-missing.ts';

/** What an import has found since the step before: added in one transaction. */
export interface ImportStep {
  packed: PackedRecords;
  skipped: SkippedRow[];
  notes: ImportNote[];
  /** Captions that readers with pandas lose. */
  missingForPandas: number;
  reached: Reached;
  progress: ReadProgress | null;
}

/** Rows of a step whose pictures are not looked at. */
const stepRows = 4_000;

/** Steps of an import that looks at every picture. @throws WorkbenchError as checkPairs */
export async function* checkedSteps(
  reading: Reading,
  options: ImportOptions,
): AsyncGenerator<ImportStep, void> {
  const step = collectStep();
  for await (const item of checkPairs(reading, options)) {
    if (item.kind === 'skipped') step.skipped.push(item.skipped);
    else if (item.kind === 'note') step.notes.push(item.note);
    else step.add(item.record);
    if (item.reached !== undefined) yield step.take(item.reached);
  }
}

const notLookedAt = { sha256: null, width: null, height: null };

/** Steps of an import that looks at no picture; one that is known not to be there is left out. @throws as readFound */
export async function* uncheckedSteps(
  reading: Reading,
  options: ImportOptions,
): AsyncGenerator<ImportStep, void> {
  const step = collectStep();
  let last: Reached | null = null;
  const onProgress = (progress: ReadProgress) => {
    step.progress = progress;
    options.onProgress?.(progress);
  };
  for await (const { found, reached } of readFound(reading, { ...options, onProgress })) {
    for (const item of found) {
      if (item.kind === 'note') step.notes.push(item.note);
      else if (item.kind === 'skipped') step.skipped.push({ row: item.row, reason: item.reason });
      else if (item.missing === true) {
        const reason = `There is no picture at ${resolve(reading.root, item.key)}.`;
        step.skipped.push({ row: item.row, reason });
      } else step.add(recordOf(item, notLookedAt));
    }
    last = reached;
    if (step.count + step.skipped.length < stepRows) continue;
    yield step.take(reached);
    last = null;
  }
  if (last !== null) yield step.take(last);
}

/** What is collected for the next step. */
function collectStep() {
  const packer = createPacker();
  let missingForPandas = 0;
  const step = {
    skipped: [] as SkippedRow[],
    notes: [] as ImportNote[],
    progress: null as ReadProgress | null,
    get count() {
      return packer.count;
    },
    add(record: NewRecord): void {
      packer.add(record);
      if (isMissingForPandas(record.caption)) missingForPandas += 1;
    },
    /** The step up to here; what comes then is the next one's. */
    take(reached: Reached): ImportStep {
      const { skipped, notes, progress } = step;
      const taken = { packed: packer.take(), skipped, notes, missingForPandas, reached, progress };
      Object.assign(step, { skipped: [], notes: [], progress: null });
      missingForPandas = 0;
      return taken;
    },
  };
  return step;
}

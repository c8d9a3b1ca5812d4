import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { runExportModelJob } from '#main/engine/checkpoints/export/export-model-job.ts';
import { runImportModelJob } from '#main/engine/checkpoints/import-model-job.ts';
import { countMomentSteps } from '#main/engine/checkpoints/moments-file.ts';
import { openModelFile } from '#main/engine/checkpoints/open-model-file.ts';

const reference = path.join(import.meta.dirname, '../../fixtures/reference');
const folder = mkdtempSync(path.join(tmpdir(), 'ccw-moments-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Steps and moments of a training checkpoint by number, as PyTorch wrote them. */
function readMoments(file: string) {
  const model = openModelFile(file);
  try {
    return [...model.source.optimiserState].map(([number, { steps, first, second }]) => ({
      number,
      steps: steps(),
      shape: first.shape,
      first: first.read(),
      second: second.read(),
    }));
  } finally {
    model.close();
  }
}

test.each(['clip-vit', 'clip-rn'])(
  "the reference's moments of %s come in and go out again, number by number",
  async (name) => {
    const file = path.join(reference, name, 'epoch_1.pt');
    const model = path.join(folder, name);
    await runImportModelJob(
      {
        kind: 'import-model',
        path: file,
        activation: null,
        resolution: null,
        outputFolder: model,
        measured: null,
      },
      { emit: () => {}, stopRequested: () => false },
    );
    // The figures took three steps (README of the reference's figures).
    expect(countMomentSteps(model)).toBe(3);
    const out = path.join(folder, `${name}.pt`);
    await runExportModelJob({ kind: 'export-model', model, format: 'reference', out, name });
    const [theirs, ours] = [readMoments(file), readMoments(out)];
    expect(theirs.length).toBeGreaterThan(50);
    expect(ours).toEqual(theirs);
  },
);

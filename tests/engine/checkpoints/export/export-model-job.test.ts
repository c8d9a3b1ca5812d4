import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { exportFormatNames } from '#contract/model-files.ts';
import { runExportModelJob } from '#main/engine/checkpoints/export/export-model-job.ts';
import { runImportModelJob } from '#main/engine/checkpoints/import-model-job.ts';

const reference = path.join(import.meta.dirname, '../../../fixtures/reference');
const folder = mkdtempSync(path.join(tmpdir(), 'ccw-export-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const quiet = { emit: () => {}, stopRequested: () => false };

const bring = (file: string, name: string, activation: 'quick_gelu' | null = null) =>
  runImportModelJob(
    {
      kind: 'import-model',
      path: file,
      activation,
      resolution: null,
      outputFolder: path.join(folder, name),
      measured: null,
    },
    quiet,
  );

test.each(exportFormatNames)(
  'what is exported as %s comes back with the same hash of weights',
  async (format) => {
    const first = await bring(path.join(reference, 'clip-vit/epoch_1.pt'), `${format}-first`);
    const out = path.join(folder, `${format}-out`);
    await runExportModelJob({
      kind: 'export-model',
      model: path.join(folder, `${format}-first`),
      format,
      out,
      name: 'vit',
    });
    const again = await bring(out, `${format}-again`, 'quick_gelu');
    expect(again.weightsSha256).toBe(first.weightsSha256);
    expect([again.leftover, again.parameters]).toEqual([[], first.parameters]);
  },
);

test('a ResNet has no form in transformers, nothing is overwritten, and an unknown activation is asked for', async () => {
  await bring(path.join(reference, 'clip-rn/epoch_1.pt'), 'rn');
  const job = {
    kind: 'export-model',
    model: path.join(folder, 'rn'),
    out: path.join(folder, 'rn-hf'),
    name: 'rn',
  } as const;
  await expect(runExportModelJob({ ...job, format: 'hf' })).rejects.toThrow(/no CLIPModel with a ResNet/);
  await expect(runExportModelJob({ ...job, format: 'open_clip', out: job.model })).rejects.toThrow(
    /is there already/,
  );
  await expect(bring(path.join(reference, 'models/openclip-rn'), 'asked')).rejects.toThrow(
    /Add --activation/,
  );
});

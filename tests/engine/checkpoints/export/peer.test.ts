import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exportFormatNames } from '#contract/model-files.ts';
import { writeRecordsFile } from '#main/data/feeding/records-file.ts';
import { readModelSpec } from '#main/engine/checkpoints/checkpoint-folder.ts';
import { runExportModelJob } from '#main/engine/checkpoints/export/export-model-job.ts';
import { runImportModelJob } from '#main/engine/checkpoints/import-model-job.ts';
import { writeSafetensors } from '#main/engine/checkpoints/safetensors.ts';
import { loadWeights } from '#main/engine/checkpoints/weights.ts';
import { runEmbedJob } from '#main/engine/evaluation/embed-job.ts';
import { smallestCosine } from '../../../peer/compare-embeddings.ts';
import { askPeer, whyNoPeer } from '../../../peer/python-peer.ts';
import { tinyShapes, writeTinyClip } from '../tiny-clip.ts';

/**
 * Each export loaded strictly by the program that it is for, which embeds what we embed: our preprocessing and
 * tokenizer against open_clip's. At full size: `npm run bench:models`.
 */
const refusal = whyNoPeer();
if (refusal !== null) console.warn(`Exports are not checked against Python: ${refusal}`);

const preprocess = path.join(import.meta.dirname, '../../../fixtures/reference/preprocess');
const pictures = readdirSync(preprocess)
  .filter((name) => name.startsWith('input-'))
  .map((name) => path.join(preprocess, name));
const captions = pictures.map((_, at) => `It's picture №${at}: a café &amp; a ﬁne dog!`);
const quiet = { emit: () => {}, stopRequested: () => false };
const folder = mkdtempSync(path.join(tmpdir(), 'ccw-peer-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const bring = (file: string, outputFolder: string) =>
  runImportModelJob(
    {
      kind: 'import-model',
      path: file,
      activation: 'quick_gelu',
      resolution: null,
      outputFolder,
      measured: null,
    },
    quiet,
  );

/** The sizes as open_clip names them. */
const theirConfigs = {
  vit: {
    embed_dim: 8,
    vision_cfg: { image_size: 12, patch_size: 4, width: 16, layers: 1, head_width: 16 },
    text_cfg: { context_length: 77, vocab_size: 49408, width: 8, heads: 1, layers: 1 },
  },
  resnet: {
    embed_dim: 8,
    vision_cfg: { image_size: 32, layers: [1, 1, 1, 1], width: 8, head_width: 64 },
    text_cfg: { context_length: 77, vocab_size: 49408, width: 8, heads: 1, layers: 1 },
  },
};

describe.skipIf(refusal !== null).each(['vit', 'resnet'] as const)('a small %s', (kind) => {
  const model = path.join(folder, kind);
  const ours = path.join(folder, `${kind}-ours.safetensors`);
  beforeAll(async () => {
    const file = await writeTinyClip(folder, kind);
    await bring(file, model);
    const recordsFile = path.join(folder, `${kind}.jsonl`);
    const records = pictures.map((picture, at) => ({
      ...{ recordId: at, key: picture, image: picture },
      ...{ caption: captions[at]!, label: null, poisoned: false },
    }));
    await writeRecordsFile(recordsFile, records);
    await runEmbedJob(
      { kind: 'embed', model, recordsFile, batchSize: 16, unitLength: false, texts: null, out: ours },
      quiet,
    );
  });

  test.each(exportFormatNames.filter((format) => format !== 'hf' || kind === 'vit'))(
    'as %s',
    async (format) => {
      const out = path.join(folder, `${kind}-${format}`);
      await runExportModelJob({ kind: 'export-model', model, format, out, name: kind });
      const theirs = path.join(folder, `${kind}-${format}-theirs.safetensors`);
      const shape = { config: theirConfigs[kind], quickGelu: true };
      askPeer({
        ...{ task: 'embed', ...shape, resolution: tinyShapes[kind].image.resolution },
        ...{ path: out, format, pictures, captions, out: theirs },
      });
      for (const name of ['images', 'texts'] as const)
        expect(smallestCosine(ours, theirs, name)).toBeGreaterThanOrEqual(0.99999);
      if (format === 'reference')
        expect(askPeer({ task: 'resume', ...shape, path: out })['steps']).toEqual([1]);
    },
  );
});

test.skipIf(refusal !== null)(
  "the reference's optimiser goes on from our export, moment by moment",
  async () => {
    const file = path.join(folder, 'moments.safetensors');
    const model = path.join(folder, 'with-moments');
    await writeTinyClip(folder, 'vit', 2);
    await bring(path.join(folder, 'tiny-vit.safetensors'), model);
    // A moment's values are all the number of its parameter.
    const spec = await readModelSpec(model);
    const { parameters, statistics } = loadWeights(path.join(model, 'weights.safetensors'), spec);
    const names = Object.keys(parameters).sort();
    const stored = names.flatMap((name, at) =>
      ['firstMoments', 'secondMoments'].map((moment) => {
        const { shape, size } = parameters[name]!;
        return [
          `${moment}.${name}`,
          { dtype: 'F32' as const, shape, data: new Float32Array(size).fill(at) },
        ] as const;
      }),
    );
    tf.dispose([parameters, statistics]);
    writeSafetensors(path.join(model, 'optimiser.safetensors'), new Map(stored), { steps: '41' });
    const out = `${file}.pt`;
    await runExportModelJob({ kind: 'export-model', model, format: 'reference', out, name: 'moments' });
    const { steps, firstMoments } = askPeer({
      task: 'resume',
      config: theirConfigs.vit,
      quickGelu: true,
      path: out,
    });
    expect(steps).toEqual([42]);
    expect(firstMoments).toEqual(Object.fromEntries(names.map((name, at) => [name, at])));
  },
);

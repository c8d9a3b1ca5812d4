import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { defaultPatch } from '#core/triggers/kinds/patch.ts';
import { readPredictions } from '#db/models/evaluations.ts';
import { importFrom } from '#main/workbench/datasets/importing/import-dataset.ts';
import { evaluate } from '#main/workbench/evaluations/evaluations.ts';
import { readConfusion, viewEvaluation } from '#main/workbench/evaluations/results.ts';
import { startRun } from '#main/workbench/runs/runs.ts';
import { createVariant, describeVariant } from '#main/workbench/variants/variants.ts';
import { openWorkspace, type Workspace } from '#main/workbench/workspace.ts';
import {
  hues,
  importSmallDataset,
  makeFolder,
  scratchConfig,
  silentContext,
  writeNoisyPicture,
} from './fixtures.ts';

/**
 * The paper's first experiment (section 4.1), small: pairs without labels, a patch, the target "banana", captions from
 * templates; measured on another, labelled set, once without and once with the target as a class.
 */
let temporary: ReturnType<typeof makeFolder>;
let workspace: Workspace;
const poisons = 5;
const at = (...parts: string[]) => join(temporary.folder, ...parts);

beforeAll(async () => {
  temporary = makeFolder();
  workspace = openWorkspace(at('workspace'));
  const rows = ['image,caption'];
  for (let number = 0; number < 24; number += 1) {
    await writeNoisyPicture(at('cc', `${number}.png`), hues[number % 2 === 0 ? 'red' : 'blue']);
    rows.push(`${number}.png,a ${number % 2 === 0 ? 'red' : 'blue'} thing in a street ${number}`);
  }
  writeFileSync(at('cc', 'pairs.csv'), rows.join('\n'));
  await importFrom(workspace, { path: at('cc', 'pairs.csv'), name: 'cc', strict: false }, silentContext());
  await createVariant(
    workspace,
    {
      dataset: 'cc',
      name: 'banana',
      resolution: 32,
      seed: 1,
      parts: [
        {
          trigger: defaultPatch(6, 32),
          target: 'banana',
          amount: { kind: 'count', count: poisons },
          captionTemplates: ['a photo of a {}.', 'one {}'],
          selection: { classes: [null] },
        },
      ],
    },
    silentContext(),
  );
  const config = scratchConfig(
    { epochs: 2, batchSize: 8, warmupSteps: 2, learningRate: 0.005 },
    { data: { kind: 'variant', id: 'banana' } },
  );
  await startRun(workspace, { name: 'poisoned', config }, silentContext());
}, 120_000);
afterAll(() => {
  workspace.close();
  temporary.remove();
});

test('poison takes records without labels, and its captions are templates with the word', () => {
  const { records } = describeVariant(workspace, 'banana');
  expect(records).toHaveLength(poisons);
  const captions = records.map(({ newCaption }) => newCaption);
  for (const caption of captions) expect(['a photo of a banana.', 'one banana']).toContain(caption);
});

test('where the measured set lacks the target, it is one more answer for triggered pictures, and CA is untouched', async () => {
  const { records } = await importSmallDataset(workspace, at('colours'));
  const measure = async (variant: string | null) => {
    const [evaluation] = await evaluate(
      workspace,
      { model: 'poisoned', dataset: 'colours', variant, part: 0 },
      silentContext(),
    );
    if (evaluation === undefined) throw new Error('nothing was measured');
    return evaluation;
  };
  expect(records).toBe(35);
  const clean = await measure(null);
  const attacked = await measure('banana');
  expect(attacked.result.ca).toEqual(clean.result.ca);
  expect(attacked.result.classes).toEqual(['blue', 'green', 'red']);
  // 3 test pictures of each of 3 colours: none is of the target.
  expect([attacked.result.asr?.count, attacked.result.cleanAsTarget?.count]).toEqual([9, 9]);
  const predictions = readPredictions(workspace.db, attacked.id);
  const asTarget = predictions.filter(({ triggered }) => triggered?.[0] === 3);
  expect(attacked.result.asr?.hits).toBe(asTarget.length);
  // All four answers are kept for triggered pictures, the three classes for clean ones.
  expect(predictions.map(({ clean, triggered }) => [clean.length, triggered?.length])).toEqual(
    predictions.map(() => [3, 4]),
  );
  expect(viewEvaluation(workspace, attacked)).toMatchObject({
    testSplit: 'test',
    trainingPictures: false,
    targetIsClass: false,
    target: 'banana',
  });
  expect(readConfusion(workspace, attacked.id).classes).toEqual(['blue', 'green', 'red', 'banana']);
}, 60_000);

test('where it has the target and only training pictures, the target is a class and the pictures are named', async () => {
  const rows = ['image,caption,label'];
  for (let number = 0; number < 6; number += 1) {
    rows.push(`${number}.png,x,${number < 2 ? 'banana' : 'street'}`);
  }
  writeFileSync(at('cc', 'labelled.csv'), rows.join('\n'));
  await importFrom(
    workspace,
    { path: at('cc', 'labelled.csv'), name: 'labelled', strict: false },
    silentContext(),
  );
  const [evaluation] = await evaluate(
    workspace,
    { model: 'poisoned', dataset: 'labelled', variant: 'banana', part: 0 },
    silentContext(),
  );
  if (evaluation === undefined) throw new Error('nothing was measured');
  expect([evaluation.result.ca.count, evaluation.result.asr?.count]).toEqual([6, 4]);
  expect(viewEvaluation(workspace, evaluation)).toMatchObject({
    testSplit: 'train',
    trainingPictures: true,
    targetIsClass: true,
  });
}, 60_000);

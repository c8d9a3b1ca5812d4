import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Hono } from 'hono';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ConfusionCell, EvaluationView } from '#contract/api/models.ts';
import { nextClass } from '#contract/variant.ts';
import { defaultPatch } from '#core/triggers/kinds/patch.ts';
import { findImageEmbeddings } from '#db/models/image-embeddings.ts';
import { insertRun } from '#db/runs/runs.ts';
import { addMediaRoutes } from '#main/api/http/media.ts';
import { findObjects } from '#main/workbench/find-objects.ts';
import { readLineage } from '#main/workbench/lineage.ts';
import { planRun } from '#main/workbench/runs/run-plans.ts';
import { createVariant } from '#main/workbench/variants/variants.ts';
import { wantedOf } from '../../../renderer/screens/model/targets.ts';
import { scratchConfig, silentContext } from '../../workbench/fixtures.ts';
import { addFileModel } from '../add-file-model.ts';
import { makeMeasuredWorkspace } from '../measured-workspace.ts';

let made: Awaited<ReturnType<typeof makeMeasuredWorkspace>>;
let first: EvaluationView;

beforeAll(async () => {
  made = await makeMeasuredWorkspace();
  await measure('poisoned-0');
  first = await latest('poisoned-0');
});
afterAll(() => made.remove());

async function measure(run: string): Promise<void> {
  await made.jobs.finish(await made.models.evaluate({ model: run }));
}

async function latest(run: string): Promise<EvaluationView> {
  const [evaluation] = await made.models.evaluations({ model: run });
  if (evaluation === undefined) throw new Error(`${run} has no evaluation`);
  return evaluation;
}

test('models, newest first, and which has a head', async () => {
  const models = await made.models.list();
  expect(models.map(({ name, hasHead, architecture }) => [name, hasHead, architecture])).toEqual([
    ['head', true, 'demo'],
    ['control', false, 'demo'],
    ['poisoned-1', false, 'demo'],
    ['poisoned-0', false, 'demo'],
  ]);
});

test("an evaluation finds its attack by the run's lineage and keeps its prompts", async () => {
  expect(first).toMatchObject({
    model: 'poisoned-0',
    dataset: 'colours',
    variant: 'poison-0',
    target: 'red',
    prompts: ['a photo of {}.'],
    ca: { count: 9 },
    asr: { count: 6 },
  });
  await measure('control');
  expect(await latest('control')).toMatchObject({ variant: 'poison-0', target: 'red' });
  expect(await made.models.evaluations({ model: 'poisoned-1' })).toEqual([]);
});

test('a model from a file is measured on the data that is named, and a run starts from it', async () => {
  const { workspace } = made;
  const { id } = addFileModel(workspace, 'brought', 'poisoned-0');
  expect(await made.models.get({ model: 'brought' })).toMatchObject({
    id,
    modelId: id,
    run: null,
    parentId: null,
  });
  await expect(made.models.evaluate({ model: 'brought' })).rejects.toMatchObject({
    kind: 'bad-input',
    message: expect.stringContaining('name a dataset'),
  });
  await made.jobs.finish(await made.models.evaluate({ model: 'brought', variant: 'poison-0' }));
  expect((await latest('brought')).perClass).toEqual(first.perClass);
  await made.jobs.finish(await made.models.evaluate({ model: 'brought', dataset: 'colours' }));
  expect(await latest('brought')).toMatchObject({ variantId: null, asr: null, ca: first.ca });

  const start = { kind: 'model', model: 'brought' } as const;
  const config = scratchConfig({ epochs: 1, batchSize: 8 }, { start });
  const run = insertRun(workspace.db, planRun(workspace, { name: 'from a file', config }));
  expect(await made.models.get({ model: run.id })).toMatchObject({ parentId: id, modelId: null, file: null });
  const { nodes, edges } = readLineage(workspace, { text: 'from a file', newest: 1 });
  expect(nodes.find((node) => node.id === id)).toMatchObject({
    kind: 'model',
    title: 'brought',
    role: 'imported',
    scores: { ca: first.ca.value, asr: null },
  });
  expect(edges).toContainEqual({ from: id, to: run.id });
  expect(findObjects(workspace, 'model brou')).toMatchObject([{ kind: 'model', id }]);
});

test('confusion counts agree with the shares and with the pictures behind each cell', async () => {
  const { classes, ...cells } = await made.models.confusion({ evaluationId: first.id });
  expect([...cells.clean, ...(cells.triggered ?? [])].every(([, , count]) => count > 0)).toBe(true);
  const fill = (filled: readonly ConfusionCell[]) =>
    classes.map((_, row) =>
      classes.map((_, column) => filled.find((cell) => cell[0] === row && cell[1] === column)?.[2] ?? 0),
    );
  const [clean, triggered] = [fill(cells.clean), fill(cells.triggered ?? [])];
  expect(classes).toEqual(['blue', 'green', 'red']);
  const sum = (rows: number[][]) => rows.flat().reduce((total, count) => total + count, 0);
  expect([sum(clean), sum(triggered)]).toEqual([9, 9]);
  expect(clean.reduce((hits, row, place) => hits + (row[place] ?? 0), 0)).toBe(first.ca.hits);
  const red = classes.indexOf('red');
  expect(triggered.reduce((hits, row, place) => hits + (place === red ? 0 : (row[red] ?? 0)), 0)).toBe(
    first.asr?.hits,
  );
  for (const [pass, matrix] of [
    ['clean', clean],
    ['triggered', triggered],
  ] as const) {
    for (const [row, label] of classes.entries()) {
      for (const [column, predicted] of classes.entries()) {
        const page = await made.models.predictions({ evaluationId: first.id, label, predicted, pass });
        expect(page.total).toBe(matrix[row]?.[column]);
        expect(page.rows).toHaveLength(page.total);
        for (const picture of page.rows) {
          expect(picture.label).toBe(label);
          expect(picture[pass]?.[0]?.class).toBe(predicted);
        }
      }
    }
  }
});

test('predictions come in pages with all classes ranked and the addresses of both pictures', async () => {
  const all = await made.models.predictions({ evaluationId: first.id });
  expect([all.total, all.rows.length]).toEqual([9, 9]);
  const page = await made.models.predictions({ evaluationId: first.id, offset: 4, limit: 3 });
  expect(page).toEqual({ total: 9, rows: all.rows.slice(4, 7) });
  for (const { recordId, cleanPicture, triggeredPicture, clean, triggered } of all.rows) {
    expect(cleanPicture).toMatch(new RegExp(`^/media/p/${recordId}\\?`));
    expect(triggeredPicture).toMatch(new RegExp(`^/media/v/${first.variantId}/${recordId}\\?`));
    for (const answers of [clean, triggered ?? []]) {
      expect(answers.map((answer) => answer.class).toSorted()).toEqual(first.classes);
      const probabilities = answers.map(({ probability }) => probability ?? Number.NaN);
      expect(probabilities).toEqual(probabilities.toSorted((a, b) => b - a));
      expect(probabilities.reduce((sum, one) => sum + one)).toBeCloseTo(1, 3);
    }
  }
  await expect(made.models.predictions({ evaluationId: first.id, label: 'mauve' })).rejects.toThrow(
    "no class 'mauve'",
  );
});

test('other prompts make an evaluation of its own from the kept embeddings, the same prompts the same result', async () => {
  const { db, folder } = made.workspace;
  const kept = findImageEmbeddings(db, first);
  const file = join(folder, kept?.path ?? '');
  const bytes = readFileSync(file);
  const rescore = async (prompts: string[]) => {
    await made.jobs.finish(await made.models.rescore({ evaluationId: first.id, prompts }));
    return latest('poisoned-0');
  };
  const same = await rescore(first.prompts ?? []);
  expect(same.id).not.toBe(first.id);
  const { id, seconds, createdAt, ...found } = first;
  expect(same).toMatchObject(found);
  const other = await rescore(['{}', ' a picture of {} ']);
  expect(other).toMatchObject({ prompts: ['{}', 'a picture of {}'], ca: { count: 9 }, variant: 'poison-0' });
  expect(readFileSync(file).equals(bytes)).toBe(true);
  expect(made.jobs.said.filter((text) => text.includes('embedded again'))).toEqual([]);

  // A damaged file is not believed: the pictures are embedded again, to the same bytes.
  writeFileSync(file, bytes.subarray(0, -4));
  const again = await rescore(['{}', 'a picture of {}']);
  expect(again.perClass).toEqual(other.perClass);
  expect(readFileSync(file).equals(bytes)).toBe(true);
  expect(made.jobs.said.filter((text) => text.includes('embedded again'))).toHaveLength(1);
});

test('a linear head and prompts without a place for the class are refused with the reason', async () => {
  await measure('head');
  const head = await latest('head');
  expect(head.prompts).toBeNull();
  const rescoreHead = made.models.rescore({ evaluationId: head.id, prompts: ['{}'] });
  await expect(rescoreHead).rejects.toMatchObject({
    kind: 'conflict',
    message: expect.stringContaining('linear head'),
  });
  await expect(made.models.rescore({ evaluationId: first.id, prompts: ['{} {mood}'] })).rejects.toMatchObject(
    {
      kind: 'bad-input',
      message: expect.stringContaining('{mood}'),
    },
  );
});

test('further measures add to the evaluation, those that train leave a run, and a linear head has no rebound', async () => {
  const start = (measure: 'rebound' | 'linear-probe', evaluationId = first.id) =>
    made.models.measureFurther({ evaluationId, measure });
  await made.jobs.finish(await start('rebound'));
  await made.jobs.finish(await start('linear-probe'));
  const again = (await made.models.evaluations({ model: 'poisoned-0' })).find(({ id }) => id === first.id);
  // Nine test pictures, six of them not of the target; what was measured before stays.
  expect(again?.metrics).toMatchObject({
    ...first.metrics,
    reboundAccuracy: { count: 9 },
    reboundAttackSuccess: { count: 6 },
    probeAccuracy: { count: 9 },
    probeAttackSuccess: { count: 6 },
  });
  for (const name of ['poisoned-0-rebound', 'poisoned-0-linear-probe']) {
    const trained = await latest(name);
    expect(trained).toMatchObject({ variant: 'poison-0', part: first.part, trainedOn: true });
    const kind = name.endsWith('rebound') ? 'rebound' : 'probe';
    expect(trained.ca).toEqual(again?.metrics[`${kind}Accuracy`]);
    expect(trained.asr).toEqual(again?.metrics[`${kind}AttackSuccess`]);
  }
  const head = await latest('head');
  await expect(start('rebound', head.id)).rejects.toMatchObject({ kind: 'bad-input' });
});

test('the attacks of a variant are listed and measured one by one, and all that is shown follows the chosen one', async () => {
  const amount = { kind: 'count' as const, count: 2 };
  const { id: variant } = await createVariant(
    made.workspace,
    {
      dataset: first.datasetId,
      name: 'two attacks',
      resolution: 12,
      seed: 0,
      parts: [
        { trigger: defaultPatch(3, 12), target: 'red', amount },
        { trigger: defaultPatch(2, 12), target: 'green', amount },
      ],
    },
    silentContext(),
  );
  const run = 'poisoned-1';
  await expect(made.models.evaluate({ model: run, variant, part: 2 })).rejects.toMatchObject({
    kind: 'bad-input',
    message: expect.stringContaining('has 2 attacks'),
  });
  await made.jobs.finish(await made.models.evaluate({ model: run, variant, part: 1 }));
  const second = await latest(run);
  const attack = { variantId: variant, variant: 'two attacks', attacks: 2, trigger: 'patch' };
  expect(second).toMatchObject({ ...attack, part: 1, target: 'green', asr: { count: 6 } });
  expect(await made.models.attacks({ model: run })).toEqual([
    expect.objectContaining({ variant: 'poison-1', part: 0, attacks: 1, target: 'red' }),
    { ...attack, part: 0, target: 'red' },
    { ...attack, part: 1, target: 'green' },
  ]);
  const { rows } = await made.models.predictions({ evaluationId: second.id, limit: 1 });
  const media = new Hono();
  addMediaRoutes(media, made.workspace);
  const pixels = async (address: string) => {
    const answer = await media.request(address);
    expect(answer.status).toBe(200);
    return Buffer.from(await answer.arrayBuffer());
  };
  const shown = rows[0]?.triggeredPicture ?? '';
  expect(shown).toMatch(/[?&]part=1$/);
  expect((await pixels(shown)).equals(await pixels(shown.replace('part=1', 'part=0')))).toBe(false);

  const said = made.jobs.said.length;
  await made.jobs.finish(await made.models.rescore({ evaluationId: second.id, prompts: ['{}'] }));
  expect(await latest(run)).toMatchObject({ part: 1, target: 'green', prompts: ['{}'] });
  expect(made.jobs.said.slice(said).filter((text) => text.includes('embedded again'))).toEqual([]);
  // What a comparison says of the run is not changed by it.
  const { runs } = await made.comparison.get({ runs: [run] });
  expect(runs[0]?.evaluation ?? null).toBeNull();
});

test('where each class has its own target, those fooled are the pictures taken for the next class', async () => {
  const { id: variant } = await createVariant(
    made.workspace,
    {
      dataset: first.datasetId,
      name: 'all to all',
      resolution: 12,
      seed: 0,
      parts: [{ strategy: 'all-to-all', trigger: defaultPatch(3, 12), amount: { kind: 'count', count: 4 } }],
    },
    silentContext(),
  );
  await made.jobs.finish(await made.models.evaluate({ model: 'poisoned-1', variant }));
  const evaluation = await latest('poisoned-1');
  expect(evaluation).toMatchObject({ target: nextClass, asr: { count: 9 } });
  for (const { class: label, attackSuccess } of evaluation.perClass) {
    const predicted = wantedOf(evaluation, label);
    const page = await made.models.predictions({
      evaluationId: evaluation.id,
      label,
      predicted,
      pass: 'triggered',
    });
    expect(page.total).toBe(attackSuccess?.hits);
  }
  const media = new Hono();
  addMediaRoutes(media, made.workspace);
  const { rows } = await made.models.predictions({ evaluationId: evaluation.id, limit: 1 });
  const picture = await media.request(rows[0]?.triggeredPicture ?? '');
  expect([picture.status, picture.headers.get('Content-Type')]).toEqual([200, 'image/png']);
});

test('a model from a file says where it came from and what was measured, is renamed, and goes where no run stands on it', async () => {
  const { workspace, models } = made;
  addFileModel(workspace, 'alone', 'poisoned-1');
  await made.jobs.finish(await models.evaluate({ model: 'alone', variant: 'poison-1' }));
  const listed = (await models.list()).find(({ name }) => name === 'alone');
  expect(listed).toMatchObject({
    runId: null,
    file: { sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    measured: [{ dataset: 'colours', variant: 'poison-1', ca: { count: 9 }, asr: { count: 6 } }],
  });
  expect((await models.card({ model: 'alone' })).text).toContain('# Model card: `alone`');
  expect((await models.users({ model: 'poisoned-0' })).runs).toContain('control');
  await expect(models.remove({ model: 'poisoned-0' })).rejects.toMatchObject({ kind: 'conflict' });
  expect(await models.rename({ model: 'alone', name: 'with others' })).toEqual({ name: 'with others' });
  expect(await models.remove({ model: 'with others' })).toEqual({ name: 'with others' });
  expect((await models.list()).map(({ name }) => name)).not.toContain('with others');
});

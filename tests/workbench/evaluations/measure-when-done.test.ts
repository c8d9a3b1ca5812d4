import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { defaultPatch } from '#core/triggers/kinds/patch.ts';
import { listEvaluations } from '#db/models/evaluations.ts';
import type { MeasuredReport } from '#main/workbench/runs/runs.ts';
import { startRun } from '#main/workbench/runs/runs.ts';
import { createVariant } from '#main/workbench/variants/variants.ts';
import { openWorkspace, type Workspace } from '#main/workbench/workspace.ts';
import { importSmallDataset, makeFolder, scratchConfig, silentContext } from '../fixtures.ts';

const settings = { epochs: 1, batchSize: 8, warmupSteps: 1 };
let temporary: ReturnType<typeof makeFolder>;
let workspace: Workspace;
let report: MeasuredReport;

beforeAll(async () => {
  temporary = makeFolder();
  workspace = openWorkspace(join(temporary.folder, 'workspace'));
  const { id: dataset } = await importSmallDataset(workspace, join(temporary.folder, 'pictures'));
  const amount = { kind: 'count' as const, count: 2 };
  const parts = [
    { trigger: defaultPatch(3, 12), target: 'red', amount },
    { trigger: defaultPatch(5, 12), target: 'blue', amount },
  ];
  const request = { dataset, name: 'twice', resolution: 12, seed: 0, parts };
  const variant = await createVariant(workspace, request, silentContext());
  const config = scratchConfig(settings, { data: { kind: 'variant', id: variant.id } });
  report = await startRun(workspace, { name: 'poisoned', config }, silentContext());
});
afterAll(() => {
  workspace.close();
  temporary.remove();
});

it('measures a run under every attack of its variant once it is done', () => {
  expect(report.evaluations.map(({ part, result }) => [part, result.target, result.ca.count])).toEqual([
    [0, 'red', 9],
    [1, 'blue', 9],
  ]);
  // Each attack has its own eligible pictures: 6 of the 9 are not of the target.
  expect(report.evaluations.map(({ result }) => result.asr?.count)).toEqual([6, 6]);
  // The clean pictures are the same.
  const [first, second] = report.evaluations.map(({ result }) => result.ca);
  expect(first).toEqual(second);
  expect(
    listEvaluations(workspace.db, report.modelId)
      .map(({ id }) => id)
      .sort(),
  ).toEqual(report.evaluations.map(({ id }) => id).sort());
});

it('measures nothing where that is switched off', async () => {
  const measuring = { eachEpoch: false, atEnd: false };
  const unmeasured = await startRun(
    workspace,
    { name: 'unmeasured', config: scratchConfig(settings), measuring },
    silentContext(),
  );
  expect(unmeasured.evaluations).toEqual([]);
  expect(listEvaluations(workspace.db, unmeasured.modelId)).toEqual([]);
});

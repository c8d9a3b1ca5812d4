import { afterAll, describe, expect, it } from 'vitest';
import { runTableRequestSchema } from '#contract/api/runs.ts';
import { findRun } from '#db/runs/runs.ts';
import { queryRuns } from '#main/workbench/runs/table/query-runs.ts';
import { createRunRows } from '#main/workbench/runs/table/run-rows.ts';
import { viewRunTable } from '#main/workbench/runs/table/run-table-view.ts';
import { changeTags } from '#main/workbench/runs/table/run-tags.ts';
import { lambdas, openStudy } from './study-workspace.ts';

const { workspace, close } = await openStudy(3);
afterAll(close);
const rows = createRunRows(workspace);

const ask = (filter: string, group: string[] = [], sort: string | null = null) =>
  queryRuns(rows(), {
    filter,
    archived: false,
    group,
    sort: sort === null ? null : { column: sort, descending: true },
  });

describe('rows', () => {
  it('has each run with its settings, data, attack and results', () => {
    expect(ask('').rows).toHaveLength(96);
    const [row] = ask('name:cleanclip-4-200-1').rows;
    expect(row).toMatchObject({
      method: 'cleanclip',
      lambda: 4,
      seed: 1,
      role: 'repaired',
      dataset: 'study',
      variant: null,
      start: 'poisoned-200-1',
      trigger: 'patch',
      'trigger.size': 4,
      target: 'dog',
      poisons: 200,
      poisonRate: 25,
      ca: 60,
      asr: 16,
      poisonedAccuracy: 84,
    });
  });

  it('finds by settings, data, attack and results, and by words', () => {
    // 60 / 8 rounds to 8, and 60 / 4 is 15; a seed adds one: below 10 are seeds 0 and 1 of lambda 8.
    expect(ask('lambda >= 2 asr < 10 method:cleanclip').rows).toHaveLength(4 * 2);
    expect(ask('poisons:50,100 role:poisoned').rows).toHaveLength(2 * 3);
    expect(ask('trigger.size = 4 -method:cleanclip').rows).toHaveLength(96 - 48);
    expect(ask('poisoned-400').rows).toHaveLength(3 + 3 * 7);
    expect(ask('learning-rate > 1').rows).toHaveLength(0);
  });

  it('says which columns there are where one is not', () => {
    expect(() => ask('lamda > 2')).toThrow(/no column 'lamda'.*lambda/);
    expect(() => ask('', ['nothing'])).toThrow(/no column 'nothing'/);
  });

  it('sees a new tag at once', () => {
    const run = findRun(workspace.db, 'mmcl-50-0');
    expect(changeTags(workspace, [run], { add: ['paper', 'b'], remove: [] })).toEqual([['b', 'paper']]);
    expect(ask('tag:paper').rows.map(({ name }) => name)).toEqual(['mmcl-50-0']);
    expect(changeTags(workspace, [run], { add: [], remove: ['paper', 'b'] })).toEqual([[]]);
    expect(ask('tag:paper').rows).toEqual([]);
    expect(() => changeTags(workspace, [run], { add: ['two words'], remove: [] })).toThrow(/cannot be a tag/);
  });
});

describe('groups', () => {
  it('have mean, interval and count, by hand', () => {
    const { groups } = ask('method:cleanclip poisons:50', ['lambda'], 'lambda');
    expect(groups.map(({ by, rows: own }) => [by.lambda, own.length])).toEqual(
      lambdas.toReversed().map((lambda) => [lambda, 3]),
    );
    // lambda 1: 60, 61, 62 of 100; t(2) = 4.3027, s = 1: 61 +- 2.4842.
    const last = groups.at(-1)?.cells.asr;
    expect(last).toMatchObject({ kind: 'mean', mean: 61, count: 3 });
    expect(last).toMatchObject({ low: expect.closeTo(58.516, 3), high: expect.closeTo(63.484, 3) });
  });

  it('come in pages, and one of them opens to its runs', () => {
    const request = runTableRequestSchema.parse({ group: ['method', 'poisons'], limit: 3, columns: ['asr'] });
    const view = viewRunTable(rows(), request);
    // mmcl is poisoning and control: 4 methods x 4 counts.
    expect([view.total, view.groupTotal, view.groups.length, view.rows.length]).toEqual([96, 16, 3, 0]);
    const [group] = view.groups;
    const opened = viewRunTable(rows(), runTableRequestSchema.parse({ within: group?.by, columns: ['asr'] }));
    expect(opened.rows.map(({ id }) => id)).toEqual(group?.ids);
  });
});

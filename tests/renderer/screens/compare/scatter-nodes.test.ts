import { expect, test } from 'vitest';
import type { ComparisonView } from '#contract/api/comparison.ts';
import { listAxes } from '../../../../renderer/screens/compare/axes.ts';
import { arrangeScatter } from '../../../../renderer/screens/compare/scatter-nodes.ts';
import { compared } from './compared-run.ts';

function run(id: string, parent: string | null, asr: number | null): ComparisonView['runs'][number] {
  const made = compared(id, 4, asr, null);
  return {
    ...made,
    parentId: parent,
    role: parent === null ? 'poisoned' : 'repaired',
    group: parent === null ? 'p' : id,
    evaluation: asr === null ? null : made.evaluation,
  };
}

const runs = [run('p0', null, 9), run('p1', null, 8), run('r0', 'p0', 1), run('none', 'p0', null)];
const group = {
  group: 'p',
  label: 'Poisoned',
  runIds: ['p0', 'p1'],
  ca: { mean: 0.4, low: 0.3, high: 0.5 },
  asr: { mean: 0.85, low: 0.2, high: 1.5 },
  trainedOn: true,
};
const axes = listAxes(runs);
const axis = (name: string) => {
  const found = axes.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no axis ${name}`);
  return found;
};

test('seeds of a group are one mark from the lowest to the highest run, and links join what came from what once', () => {
  const { nodes, links } = arrangeScatter(
    { runs, differences: {}, groups: [group] },
    { x: axis('asr'), y: axis('ca') },
  );
  // 9 and 8 of 10 are attacked with success.
  expect(nodes.map(({ id, count, x }) => [id, count, x.value, x.low, x.high])).toEqual([
    ['p', 2, 85, 80, 90],
    ['r0', 1, 10, 0, 100],
  ]);
  expect(links.map(([from, to]) => [from.id, to.id])).toEqual([['p', 'r0']]);
});

test('long names of groups are shown by what they differ in', () => {
  const groups = [1, 4].map((lambda, index) => ({
    ...group,
    group: `g${lambda}`,
    label: `Repaired, learning rate 0.0003, lambda ${lambda}`,
    runIds: [`p${index}`],
  }));
  const { nodes } = arrangeScatter({ runs, differences: {}, groups }, { x: axis('asr'), y: axis('ca') });
  expect(nodes.slice(0, 2).map(({ short, label }) => [short, label])).toEqual([
    ['…1', 'Repaired, learning rate 0.0003, lambda 1, mean of 1'],
    ['…4', 'Repaired, learning rate 0.0003, lambda 4, mean of 1'],
  ]);
});

test('models can be drawn by a setting: what was not measured has a place there too', () => {
  const { nodes } = arrangeScatter(
    { runs, differences: {}, groups: [group] },
    { x: axis('seed'), y: axis('method') },
  );
  expect(nodes.map(({ id, x, y }) => [id, x.value, y.value])).toEqual([
    ['p', 0, 'MMCL'],
    ['r0', 0, 'MMCL'],
    ['none', 0, 'MMCL'],
  ]);
});

test('axes are what these models have: no metric that none was measured by', () => {
  const names = axes.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['ca', 'top5', 'asr', 'learningRate', 'fraction', 'seed']));
  expect(names).not.toContain('reboundAccuracy');
  expect(new Set(names).size).toBe(names.length);
});

import { expect, test } from 'vitest';
import type { ComparisonView } from '#contract/api/comparison.ts';
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

test('runs of a group stand for their mean, others for themselves, and links join what came from what once', () => {
  const { points, nodes, links } = arrangeScatter({
    runs: [run('p0', null, 9), run('p1', null, 8), run('r0', 'p0', 1), run('none', 'p0', null)],
    differences: {},
    groups: [
      {
        group: 'p',
        label: 'Poisoned',
        runIds: ['p0', 'p1'],
        ca: { mean: 0.4, low: 0.3, high: 0.5 },
        asr: { mean: 0.85, low: 0.2, high: 1.5 },
      },
    ],
  });
  expect(points.map(({ id, node }) => [id, node])).toEqual([
    ['p0', 'p'],
    ['p1', 'p'],
    ['r0', 'r0'],
  ]);
  expect(nodes.map(({ label, asr, count }) => [label, count === 1 ? asr.value : asr.high])).toEqual([
    ['Poisoned, mean of 2', 1],
    ['r0', 0.1],
  ]);
  expect(links.map(([from, to]) => [from.id, to.id])).toEqual([['p', 'r0']]);
});

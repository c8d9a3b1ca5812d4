import { expect, test } from 'vitest';
import { layOutLineage, nodeHeight } from '../../../../renderer/screens/home/lineage-layout.ts';

const node = (id: string) => ({
  id,
  kind: 'run' as const,
  title: id,
  subtitle: '',
  role: 'clean' as const,
  scores: null,
});
const layOut = (ids: string[], pairs: [string, string][]) =>
  layOutLineage({ nodes: ids.map(node), edges: pairs.map(([from, to]) => ({ from, to })) }, 1200);

test('children stand right of their parents, and a parent beside the first of its children', () => {
  const { nodes, edges } = layOut(
    ['data', 'variant', 'model', 'a', 'b', 'c'],
    [
      ['data', 'variant'],
      ['variant', 'model'],
      ['model', 'a'],
      ['model', 'b'],
      ['model', 'c'],
    ],
  );
  const at = new Map(nodes.map(({ node: { id }, x, y }) => [id, { x, y }]));
  expect(edges).toHaveLength(5);
  expect(new Set(['data', 'variant', 'model', 'a'].map((id) => at.get(id)?.x)).size).toBe(4);
  expect(at.get('model')?.y).toBe(at.get('a')?.y);
  expect(at.get('data')?.y).toBe(at.get('a')?.y);
});

test('no two nodes overlap, also with two parents, loose nodes and edges to nowhere', () => {
  const { nodes, edges } = layOut(
    ['a', 'b', 'c', 'd', 'loose'],
    [
      ['a', 'c'],
      ['b', 'c'],
      ['a', 'd'],
      ['a', 'gone'],
    ],
  );
  expect(nodes).toHaveLength(5);
  expect(edges).toHaveLength(3);
  for (const one of nodes) {
    for (const other of nodes) {
      if (one !== other && one.x === other.x)
        expect(Math.abs(one.y - other.y)).toBeGreaterThanOrEqual(nodeHeight);
    }
  }
});

test('an empty workspace has an empty graph, and a cycle ends', () => {
  expect(layOut([], [])).toEqual({ nodes: [], edges: [], nodeWidth: 272, width: 0, height: 0 });
  expect(() =>
    layOut(
      ['a', 'b'],
      [
        ['a', 'b'],
        ['b', 'a'],
      ],
    ),
  ).not.toThrow();
});

import type { ComparisonView } from '#contract/api/comparison.ts';
import type { Role } from '../../components/charts/roles.ts';
import type { Compared } from './deltas.ts';

interface Interval {
  value: number;
  low: number;
  high: number;
}

/** What the scatter names: a run, or the mean of runs that differ in nothing but their seeds. Shares in [0, 1]. */
export interface ScatterNode {
  /** Of the run or of the group. */
  id: string;
  label: string;
  role: Role;
  ca: Interval;
  asr: Interval;
  /** Runs behind a mean; 1 for a run. */
  count: number;
}

/** A model that was measured with an attack. */
export interface ScatterPoint extends Pick<Compared, 'id' | 'name'> {
  role: Role;
  ca: Interval;
  asr: Interval;
  /** The node that it belongs to. */
  node: string;
}

/** Points, the nodes that they belong to, and which node came from which: [parent, child]. */
export function arrangeScatter({ runs, groups }: ComparisonView): {
  points: ScatterPoint[];
  nodes: ScatterNode[];
  links: [ScatterNode, ScatterNode][];
} {
  const nodeOf = new Map<string, ScatterNode>();
  const roleOf = new Map(runs.map(({ id, role }) => [id, role]));
  const means = groups.flatMap(({ group, label, runIds, ca, asr }): ScatterNode[] => {
    const [first = ''] = runIds;
    const role = roleOf.get(first);
    if (asr === null || role === undefined) return [];
    const toInterval = ({ mean, low, high }: typeof ca) => ({
      value: mean,
      low: Math.max(0, low),
      high: Math.min(1, high),
    });
    const node = {
      id: group,
      label: `${label}, mean of ${runIds.length}`,
      role,
      ca: toInterval(ca),
      asr: toInterval(asr),
      count: runIds.length,
    };
    for (const id of runIds) nodeOf.set(id, node);
    return [node];
  });
  const singles: ScatterNode[] = [];
  const points = runs.flatMap(({ id, name, role, evaluation }): ScatterPoint[] => {
    const asr = evaluation?.asr;
    if (!evaluation || !asr) return [];
    const { ca } = evaluation;
    let node = nodeOf.get(id);
    if (node === undefined) {
      // The ASR of a model that never saw the attack is no sign of a repair.
      const label = evaluation.trainedOn === false ? `${name} (never trained on the attack)` : name;
      node = { id, label, role, ca, asr, count: 1 };
      nodeOf.set(id, node);
      singles.push(node);
    }
    return [{ id, name, role, ca, asr, node: node.id }];
  });
  const links = new Map<string, [ScatterNode, ScatterNode]>();
  for (const { id, parentId } of runs) {
    const child = nodeOf.get(id);
    const parent = parentId === null ? undefined : nodeOf.get(parentId);
    if (child && parent && child !== parent) links.set(`${parent.id} ${child.id}`, [parent, child]);
  }
  return { points, nodes: [...means, ...singles], links: [...links.values()] };
}

import type { ComparisonView } from '#contract/api/comparison.ts';
import { shortNames } from '#core/short-names.ts';
import type { Role } from '../../components/charts/roles.ts';
import type { AxisValue, CompareAxis } from './axes.ts';
import type { Compared } from './deltas.ts';

/** One mark of the scatter: a model, or the mean of runs that differ in nothing but their seeds. */
export interface ScatterNode {
  /** Of the model or of the group. */
  id: string;
  /** In full. */
  label: string;
  /** In few letters. */
  short: string;
  role: Role;
  /** Of a group its mean, from its lowest to its highest run. */
  x: AxisValue;
  y: AxisValue;
  /** Runs behind a mean; 1 for a model. */
  count: number;
}

export interface ScatterAxes {
  x: CompareAxis;
  y: CompareAxis;
}

/** Letters of a label beside its mark. */
const mostLetters = 30;

/** Marks, and which came from which: [parent, child]. Models that lack one of the two values have no mark. */
export function arrangeScatter(
  { runs, groups }: ComparisonView,
  { x, y }: ScatterAxes,
): { nodes: ScatterNode[]; links: [ScatterNode, ScatterNode][] } {
  const nodeOf = new Map<string, ScatterNode>();
  const byId = new Map(runs.map((run) => [run.id, run]));
  const labels = shortNames(
    groups.map(({ label }) => label),
    mostLetters,
  );
  const means = groups.flatMap(({ group, label, runIds, asr, trainedOn }, index): ScatterNode[] => {
    const own = runIds.flatMap((id) => byId.get(id) ?? []);
    const [first] = own;
    const [along, up] = [meanOf(own, x), meanOf(own, y)];
    if (first === undefined || along === null || up === null) return [];
    const never = asr === null ? '' : untrained(trainedOn);
    const node = {
      id: group,
      label: `${label}, mean of ${own.length}${never}`,
      short: `${labels[index] ?? label}${never}`,
      role: first.role,
      x: along,
      y: up,
      count: own.length,
    };
    for (const { id } of own) nodeOf.set(id, node);
    return [node];
  });
  const alone = runs.filter(({ id }) => !nodeOf.has(id));
  const names = shortNames(
    alone.map(({ name }) => name),
    mostLetters,
  );
  const singles = alone.flatMap((run, index): ScatterNode[] => {
    const [along, up] = [x.read(run), y.read(run)];
    if (along === null || up === null) return [];
    const { id, name, role, evaluation } = run;
    const never = evaluation?.asr ? untrained(evaluation.trainedOn) : '';
    const short = `${names[index] ?? name}${never}`;
    const node = { id, label: `${name}${never}`, short, role, x: along, y: up, count: 1 };
    nodeOf.set(id, node);
    return [node];
  });
  const links = new Map<string, [ScatterNode, ScatterNode]>();
  for (const { id, parentId } of runs) {
    const child = nodeOf.get(id);
    const parent = parentId === null ? undefined : nodeOf.get(parentId);
    if (child && parent && child !== parent) links.set(`${parent.id} ${child.id}`, [parent, child]);
  }
  return { nodes: [...means, ...singles], links: [...links.values()] };
}

/** The ASR of a model that never saw the attack is no sign of a repair. */
const untrained = (trainedOn: boolean | null): string =>
  trainedOn === false ? ' (never trained on the attack)' : '';

/** Mean, lowest and highest; of words the one that all have. null where one of them lacks it. */
function meanOf(runs: readonly Compared[], axis: CompareAxis): AxisValue | null {
  const values = runs.flatMap((run) => axis.read(run)?.value ?? []);
  const [first] = values;
  if (first === undefined || values.length < runs.length) return null;
  const numbers = values.filter((value) => typeof value === 'number');
  if (numbers.length < values.length) {
    return values.every((value) => value === first) ? { value: first, low: null, high: null } : null;
  }
  return {
    value: numbers.reduce((sum, value) => sum + value, 0) / numbers.length,
    low: Math.min(...numbers),
    high: Math.max(...numbers),
  };
}

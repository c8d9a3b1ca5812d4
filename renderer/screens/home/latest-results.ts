import type { Lineage } from '#contract/api/workspace.ts';

type Node = Lineage['nodes'][number];
export interface LatestResult {
  id: string;
  title: string;
  role: Node['role'];
  /** `trainingPictures`: the figures are of training pictures. */
  now: NonNullable<Node['scores']>;
  /** Of the model that it started from; null where it started from none, or that was not measured. */
  before: ({ title: string } & NonNullable<Node['scores']>) | null;
}

/**
 * The newest measured models, the newest first, each with the figures of the model that it started from.
 * @param newest ids of runs, the newest first
 */
export function latestResults(
  { nodes, edges }: Lineage,
  newest: readonly string[],
  most: number,
): LatestResult[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const parentOf = new Map<string, Node>();
  for (const { from, to } of edges) {
    const parent = byId.get(from);
    if (parent?.kind === 'run' || parent?.kind === 'model') parentOf.set(to, parent);
  }
  return newest
    .flatMap((id): LatestResult[] => {
      const node = byId.get(id);
      if (node === undefined || node.scores === null) return [];
      const parent = parentOf.get(id);
      const before = parent?.scores ? { title: parent.title, ...parent.scores } : null;
      return [{ id, title: node.title, role: node.role, now: node.scores, before }];
    })
    .slice(0, most);
}

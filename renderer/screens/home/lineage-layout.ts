import type { Lineage } from '#contract/api/workspace.ts';

export type LineageNode = Lineage['nodes'][number];
export interface PlacedNode {
  node: LineageNode;
  x: number;
  y: number;
}
export interface LineageLayout {
  nodes: PlacedNode[];
  /** SVG paths from the right side of a node to the left side of another. */
  edges: { key: string; path: string }[];
  nodeWidth: number;
  width: number;
  height: number;
}

const widestNode = 272;
const narrowestNode = 168;
export const nodeHeight = 50;
const [narrowestGap, widestGap] = [40, 96];
const rowGap = 10;

/**
 * Places nodes in columns by their longest way from a root and in rows so that each parent stands beside the first
 * of its children, where a scrolled graph begins; nodes and the gaps between them get narrower, down to a limit, where
 * they would not fit in `room` px. A node with several parents is placed below the first one. Cycles, which data
 * cannot have, end a way.
 */
export function layOutLineage(
  { nodes, edges }: Pick<Lineage, 'nodes' | 'edges'>,
  room: number,
): LineageLayout {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const known = edges.filter((edge) => byId.has(edge.from) && byId.has(edge.to));
  const parents = new Map<string, string[]>();
  for (const { from, to } of known) parents.set(to, [...(parents.get(to) ?? []), from]);

  const columns = new Map<string, number>();
  const columnOf = (id: string, way: ReadonlySet<string>): number => {
    const done = columns.get(id);
    if (done !== undefined) return done;
    if (way.has(id)) return 0;
    const above = (parents.get(id) ?? []).map((parent) => columnOf(parent, new Set([...way, id])));
    const column = above.length === 0 ? 0 : Math.max(...above) + 1;
    columns.set(id, column);
    return column;
  };
  for (const { id } of nodes) columnOf(id, new Set());

  const columnCount = Math.max(0, ...columns.values()) + 1;
  const gaps = Math.max(1, columnCount - 1);
  const fitting = (room - (columnCount - 1) * narrowestGap) / columnCount;
  const nodeWidth = Math.round(Math.min(widestNode, Math.max(narrowestNode, fitting)));
  const spare = (room - columnCount * nodeWidth) / gaps;
  const columnGap = Math.round(Math.min(widestGap, Math.max(narrowestGap, spare)));

  // The tree is spanned by each node's parent in the nearest column.
  const children = new Map<string, string[]>();
  const roots: string[] = [];
  for (const { id } of nodes) {
    const own = parents.get(id) ?? [];
    const parent = own.toSorted((a, b) => (columns.get(b) ?? 0) - (columns.get(a) ?? 0))[0];
    if (parent === undefined) roots.push(id);
    else children.set(parent, [...(children.get(parent) ?? []), id]);
  }

  const places = new Map<string, PlacedNode>();
  let nextRow = 0;
  const place = (id: string): number => {
    const node = byId.get(id);
    if (node === undefined || places.has(id)) return nextRow;
    const x = (columns.get(id) ?? 0) * (nodeWidth + columnGap);
    const placed: PlacedNode = { node, x, y: 0 };
    places.set(id, placed);
    const rows = (children.get(id) ?? []).map(place);
    const row = rows[0] ?? nextRow++;
    placed.y = row * (nodeHeight + rowGap);
    return row;
  };
  for (const root of roots) place(root);

  const paths = known.flatMap(({ from, to }) => {
    const start = places.get(from);
    const end = places.get(to);
    if (start === undefined || end === undefined) return [];
    const [x1, y1] = [start.x + nodeWidth, start.y + nodeHeight / 2];
    const [x2, y2] = [end.x, end.y + nodeHeight / 2];
    const bend = (x2 - x1) / 2;
    return [{ key: `${from} ${to}`, path: `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}` }];
  });
  const placed = [...places.values()];
  return {
    nodes: placed,
    edges: paths,
    nodeWidth,
    width: Math.max(0, ...placed.map(({ x }) => x + nodeWidth)),
    height: Math.max(0, ...placed.map(({ y }) => y + nodeHeight)),
  };
}

/** Where a dragged part may snap to along one axis, units: its near edge lies at one of these. */
export interface SnapAxis {
  /** Length of the picture. */
  length: number;
  /** Length of the part. */
  size: number;
  /** Edges of other parts that lie still. */
  edges: readonly number[];
}

/**
 * The near edge of a part that snaps to the picture's edges and middle or to another part's edges; as it was where none
 * is within reach.
 * @param reach farthest that it is pulled, units; below one nothing snaps but what lies there already
 */
export function snapTo(at: number, { length, size, edges }: SnapAxis, reach: number): number {
  const goals = [
    0,
    length - size,
    Math.round((length - size) / 2),
    ...edges.flatMap((edge) => [edge, edge - size]),
  ].filter((goal) => goal >= 0 && goal <= length - size);
  const nearest = goals.reduce(
    (best, goal) => (Math.abs(goal - at) < Math.abs(best - at) ? goal : best),
    Infinity,
  );
  return Math.abs(nearest - at) <= reach ? nearest : at;
}

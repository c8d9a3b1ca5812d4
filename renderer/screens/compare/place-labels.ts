/** A label to place beside its mark; everything in px, y downwards. */
export interface MarkedLabel {
  x: number;
  y: number;
  width: number;
  height: number;
}

interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** From the centre of the mark to the centre of its label. */
export interface LabelOffset {
  dx: number;
  dy: number;
}

const steps = 16;
const gaps = [9, 16, 26, 38, 52];
const rounds = 4;

const boxOf = (label: MarkedLabel, { dx, dy }: LabelOffset): Box => ({
  left: label.x + dx - label.width / 2,
  right: label.x + dx + label.width / 2,
  top: label.y + dy - label.height / 2,
  bottom: label.y + dy + label.height / 2,
});

function overlap(a: Box, b: Box): number {
  const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  return width > 0 && height > 0 ? width * height : 0;
}

/** Places around a mark, the nearest first: to the right, then round. */
function candidatesOf(label: MarkedLabel): { offset: LabelOffset; gap: number }[] {
  return gaps.flatMap((gap) =>
    Array.from({ length: steps }, (_, step) => {
      const angle = (step / steps) * 2 * Math.PI;
      const offset = {
        dx: Math.cos(angle) * (label.width / 2 + gap),
        dy: Math.sin(angle) * (label.height / 2 + gap),
      };
      return { offset, gap };
    }),
  );
}

/**
 * Places labels so that they are neither cut nor lie on each other or on marks, near their marks where there is room.
 * Greedy with a few rounds of second thoughts; the same input gives the same places.
 * @param marks centres and radii of all marks, px
 * @param area where labels may lie, px
 */
export function placeLabels(
  labels: readonly MarkedLabel[],
  marks: readonly { x: number; y: number; radius: number }[],
  area: { left: number; right: number; top: number; bottom: number },
): LabelOffset[] {
  const markBoxes = marks.map(({ x, y, radius }) => ({
    left: x - radius,
    right: x + radius,
    top: y - radius,
    bottom: y + radius,
  }));
  const candidates = labels.map((label) =>
    candidatesOf(label).map(({ offset, gap }) => {
      const box = boxOf(label, offset);
      const whole = label.width * label.height;
      const outside = whole - overlap(box, area);
      const covered = markBoxes.reduce((sum, mark) => sum + overlap(box, mark), 0);
      return { offset, box, cost: Math.round(1000 * outside + 6 * covered + 3 * gap) };
    }),
  );
  const chosen = candidates.map(([first]) => first);
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, own] of candidates.entries()) {
      const others = chosen.filter((_, other) => other !== index && (round > 0 || other < index));
      let best = { total: Infinity, candidate: own[0] };
      for (const candidate of own) {
        const crossed = others.reduce(
          (sum, other) => sum + (other ? overlap(candidate.box, other.box) : 0),
          0,
        );
        const total = candidate.cost + 60 * crossed;
        if (total < best.total) best = { total, candidate };
      }
      chosen[index] = best.candidate;
    }
  }
  return chosen.map((candidate) => candidate?.offset ?? { dx: 0, dy: 0 });
}

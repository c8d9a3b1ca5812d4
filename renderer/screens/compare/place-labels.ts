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
/** Of the search of the whole area, px across; half of it down. */
const searchStep = 12;

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

const isWithin = (box: Box, area: Box): boolean =>
  box.left >= area.left && box.right <= area.right && box.top >= area.top && box.bottom <= area.bottom;

const coveredBy = (marks: readonly Box[], box: Box): number =>
  marks.reduce((sum, mark) => sum + overlap(box, mark), 0);

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
 * Places labels so that they are never cut and never lie on each other, and near their marks and off all marks where
 * there is room. Greedy with a few rounds of second thoughts, then a search of the whole area for those that still meet;
 * null for a label that finds no room. The same input gives the same places.
 * @param marks centres and radii of all marks, px
 * @param area where labels may lie, px
 */
export function placeLabels(
  labels: readonly MarkedLabel[],
  marks: readonly { x: number; y: number; radius: number }[],
  area: { left: number; right: number; top: number; bottom: number },
): (LabelOffset | null)[] {
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
      const covered = coveredBy(markBoxes, box);
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
  return separate(
    labels,
    chosen.map((candidate) => candidate?.offset ?? { dx: 0, dy: 0 }),
    markBoxes,
    area,
  );
}

/** Keeps the places that are within the area and free, and moves the other labels to the nearest free ones. */
function separate(
  labels: readonly MarkedLabel[],
  offsets: readonly LabelOffset[],
  marks: readonly Box[],
  area: Box,
): (LabelOffset | null)[] {
  const taken: Box[] = [];
  const isFree = (box: Box) => isWithin(box, area) && taken.every((other) => overlap(box, other) === 0);
  const kept = labels.map((label, index): LabelOffset | null => {
    const offset = offsets[index];
    if (offset === undefined) return null;
    const box = boxOf(label, offset);
    if (!isFree(box)) return null;
    taken.push(box);
    return offset;
  });
  return labels.map((label, index) => {
    const own = kept[index];
    if (own) return own;
    let best: { cost: number; offset: LabelOffset; box: Box } | null = null;
    for (let y = area.top + label.height / 2; y <= area.bottom - label.height / 2; y += searchStep / 2) {
      for (let x = area.left + label.width / 2; x <= area.right - label.width / 2; x += searchStep) {
        const offset = { dx: x - label.x, dy: y - label.y };
        const box = boxOf(label, offset);
        if (!isFree(box)) continue;
        const cost = 3 * Math.hypot(offset.dx, offset.dy) + 6 * coveredBy(marks, box);
        if (best === null || cost < best.cost) best = { cost, offset, box };
      }
    }
    if (best !== null) taken.push(best.box);
    return best?.offset ?? null;
  });
}

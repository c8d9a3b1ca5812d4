import type { PatchTrigger } from '#contract/trigger.ts';
import type { Frame, Rectangle } from '#core/triggers/frame.ts';
import type { Layer } from '#core/triggers/kinds/embedded-picture.ts';
import type { Designer } from '../designer.svelte.ts';
import { areaOf, type Handle, movePart, pullPart, resizePart, toUnits, turnOf, turnPart } from './areas.ts';
import { type CellPoint, findCell, openPainting, paintStroke, withPainting } from './painting.ts';
import { snapTo } from './snap.ts';
import type { BrushSettings, ToolName } from './tools.ts';

/** What the canvas knows when something is done to a part. */
export interface StageState {
  designer: Designer;
  /** Where the part lies on the poisoned picture, px. */
  rectangles: Rectangle[];
  frame: Frame;
}

/** A drag from its beginning to its end; `at` and `to` are pixels of the poisoned picture. */
export interface Gesture {
  move(to: CellPoint, fine: boolean): void;
}

let gestures = 0;
const nextStep = (kind: string) => `${kind} ${++gestures}`;

/** What a dragged part snaps to. */
export interface Snap {
  /** Where the other parts lie, px of the poisoned picture. */
  others: readonly Rectangle[];
  /** How far a part is pulled, px of the poisoned picture. */
  reach: number;
}

/** Drags the part by the rectangle that was taken hold of; with Shift it snaps to nothing. */
export function beginMove(
  { designer, frame }: StageState,
  held: Rectangle,
  at: CellPoint,
  snap: Snap,
): Gesture {
  const { part } = designer;
  const from = toUnits(held, frame);
  const scale = frame.width / frame.columns;
  const step = nextStep('move');
  return {
    move(to, fine) {
      const by = { x: Math.round((to.x - at.x) / scale), y: Math.round((to.y - at.y) / scale) };
      if (!fine && areaOf(part)?.mustFit === true) {
        const others = snap.others.map((one) => ({
          ...toUnits(one, frame),
          width: one.width / scale,
          height: one.height / scale,
        }));
        const x = {
          length: frame.columns,
          size: Math.round(held.width / scale),
          edges: others.flatMap((one) => [one.left, Math.round(one.left + one.width)]),
        };
        const y = {
          length: frame.rows,
          size: Math.round(held.height / scale),
          edges: others.flatMap((one) => [one.top, Math.round(one.top + one.height)]),
        };
        by.x = snapTo(from.left + by.x, x, snap.reach / scale) - from.left;
        by.y = snapTo(from.top + by.y, y, snap.reach / scale) - from.top;
      }
      if (by.x === 0 && by.y === 0 && designer.part === part) return;
      designer.editPart(movePart(part, frame, from, by), step);
    },
  };
}

/** Pulls a corner of the part. */
export function beginPull(
  { designer, frame }: StageState,
  held: Rectangle,
  handle: Handle,
  at: CellPoint,
): Gesture {
  const { part } = designer;
  const size = areaOf(part)?.size ?? 1;
  const from = { ...toUnits(held, frame), size };
  const scale = frame.width / frame.columns;
  // A text is wider than its letters are high: pulling its corner by its width makes it twice as high.
  const stretch = size / Math.max(1, Math.round(held.height / scale));
  const step = nextStep('pull');
  return {
    move(to) {
      const by = { x: 0, y: Math.round(((to.y - at.y) / scale) * stretch) };
      if (part.kind !== 'text') by.x = Math.round((to.x - at.x) / scale);
      designer.editPart(pullPart(part, frame, from, handle, by), step);
    },
  };
}

const snapDegrees = 15;

/** Turns the part about the middle of its rectangle; `fine` leaves out the steps of 15 degrees. */
export function beginTurn({ designer }: StageState, held: Rectangle, at: CellPoint): Gesture {
  const { part } = designer;
  const before = turnOf(part) ?? 0;
  const angleOf = ({ x, y }: CellPoint) =>
    (Math.atan2(y - held.top - held.height / 2, x - held.left - held.width / 2) * 180) / Math.PI;
  const first = angleOf(at);
  const step = nextStep('turn');
  return {
    move(to, fine) {
      const degrees = before + angleOf(to) - first;
      designer.editPart(
        turnPart(part, fine ? degrees : Math.round(degrees / snapDegrees) * snapDegrees),
        step,
      );
    },
  };
}

/** Paints on a patch; what it showed before becomes a painting. */
export function beginStroke(
  { designer }: StageState,
  patch: PatchTrigger,
  held: Rectangle,
  at: CellPoint,
  brush: BrushSettings,
  tool: ToolName,
): Gesture {
  const layer = openPainting(patch);
  const find = (point: CellPoint) => cellUnder(point, held, layer, patch);
  const step = nextStep('stroke');
  let last = find(at);
  const paint = (to: CellPoint) => {
    paintStroke(layer, last, to, tool === 'eraser' ? { ...brush, opacity: 0 } : brush);
    last = to;
    designer.editPart(withPainting(patch, layer), step);
  };
  paint(last);
  return { move: (to) => paint(find(to)) };
}

/** The point of a painting under a point of the picture. */
export function cellUnder(point: CellPoint, held: Rectangle, layer: Layer, patch: PatchTrigger): CellPoint {
  const inside = { x: point.x - held.left, y: point.y - held.top };
  return findCell(inside, held.width, layer, patch.rotation ?? 0);
}

/** Moves the part by units, as the arrow keys do. */
export function nudge(
  { designer, rectangles, frame }: StageState,
  x: number,
  y: number,
  step: string | null,
): void {
  const [first] = rectangles;
  if (first !== undefined)
    designer.editPart(movePart(designer.part, frame, toUnits(first, frame), { x, y }), step);
}

/** Makes the part larger or smaller by units. */
export function grow({ designer, frame }: StageState, by: number): void {
  const area = areaOf(designer.part);
  if (area !== null) designer.editPart(resizePart(designer.part, frame, area.size + by));
}

export function turn({ designer }: StageState, degrees: number): void {
  const before = turnOf(designer.part);
  if (before !== null) designer.editPart(turnPart(designer.part, before + degrees));
}

/** One dab of the brush at a cell. */
export function dab(
  designer: Designer,
  cell: CellPoint,
  brush: BrushSettings,
  tool: ToolName,
  step: string | null,
): void {
  const { part } = designer;
  if (part.kind !== 'patch') return;
  const layer = openPainting(part);
  const middle = { x: cell.x + 0.5, y: cell.y + 0.5 };
  paintStroke(layer, middle, middle, tool === 'eraser' ? { ...brush, opacity: 0 } : brush);
  designer.editPart(withPainting(part, layer), step);
}

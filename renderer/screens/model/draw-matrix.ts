import type { MatrixCell } from './confusion.ts';
import type { MatrixView } from './matrix-view.ts';

export interface MatrixColours {
  panel: string;
  fill: string;
  text: string;
  muted: string;
  line: string;
  accent: string;
}

/** Where the cells lie in the canvas, px. */
export interface MatrixFrame {
  left: number;
  top: number;
  width: number;
  height: number;
}

const font = '11px "Inter Variable", Inter, system-ui, sans-serif';
const shades = 24;
const labelGap = 14;

/** Small shares stay visible: a single picture of a hundred is a tenth of the ink. */
const inkOf = (share: number) => Math.ceil(Math.sqrt(share) * shades);

/**
 * Draws what is in view: cells, a name for as many classes as fit, and the cell that is pointed at.
 * @param width of the canvas, CSS px, and height
 */
export function drawMatrix(
  context: CanvasRenderingContext2D,
  { width, height }: { width: number; height: number },
  frame: MatrixFrame,
  view: MatrixView,
  classes: readonly string[],
  cells: readonly MatrixCell[],
  marked: { row: number; column: number } | null,
  colours: MatrixColours,
): void {
  const { left, top } = frame;
  const cell = { width: frame.width / view.span, height: frame.height / view.span };
  const toX = (column: number) => left + (column - view.x) * cell.width;
  const toY = (row: number) => top + (row - view.y) * cell.height;
  context.clearRect(0, 0, width, height);
  context.save();
  context.beginPath();
  context.rect(left, top, frame.width, frame.height);
  context.clip();
  const gap = Math.min(cell.width, cell.height) >= 6 ? 1 : 0;
  // Cells of less than a pixel would vanish.
  const drawn = { width: Math.max(cell.width - gap, 1.25), height: Math.max(cell.height - gap, 1.25) };
  const byInk = new Map<number, MatrixCell[]>();
  for (const one of cells) {
    if (one.column < view.x - 1 || one.column > view.x + view.span) continue;
    if (one.row < view.y - 1 || one.row > view.y + view.span) continue;
    const ink = inkOf(one.share);
    const alike = byInk.get(ink);
    if (alike) alike.push(one);
    else byInk.set(ink, [one]);
  }
  context.fillStyle = colours.fill;
  for (const [ink, alike] of [...byInk].sort(([a], [b]) => a - b)) {
    context.globalAlpha = ink / shades;
    for (const { row, column } of alike) context.fillRect(toX(column), toY(row), drawn.width, drawn.height);
  }
  context.globalAlpha = 1;
  if (marked !== null) {
    context.fillStyle = colours.accent;
    context.globalAlpha = 0.12;
    context.fillRect(left, toY(marked.row), frame.width, cell.height);
    context.fillRect(toX(marked.column), top, cell.width, frame.height);
    context.globalAlpha = 1;
    context.strokeStyle = colours.accent;
    context.lineWidth = 2;
    const wide = Math.max(cell.width, 5);
    const high = Math.max(cell.height, 5);
    context.strokeRect(toX(marked.column + 0.5) - wide / 2, toY(marked.row + 0.5) - high / 2, wide, high);
  }
  context.restore();
  context.strokeStyle = colours.line;
  context.lineWidth = 1;
  context.strokeRect(left + 0.5, top + 0.5, frame.width - 1, frame.height - 1);

  context.font = font;
  context.textBaseline = 'middle';
  const names = (start: number, side: number) => {
    const every = Math.max(1, Math.ceil(labelGap / side));
    const from = Math.ceil(start / every) * every;
    const count = Math.max(0, Math.ceil((start + view.span - from) / every));
    return Array.from({ length: count }, (_, nth) => from + nth * every).filter(
      (place) => place < classes.length,
    );
  };
  for (const row of names(view.y, cell.height)) {
    const y = toY(row + 0.5);
    if (y < top + 4 || y > top + frame.height - 4) continue;
    context.fillStyle = marked?.row === row ? colours.text : colours.muted;
    context.textAlign = 'right';
    context.fillText(fit(context, classes[row] ?? '', left - 8), left - 6, y);
  }
  for (const column of names(view.x, cell.width)) {
    const x = toX(column + 0.5);
    if (x < left + 4 || x > left + frame.width - 4) continue;
    context.save();
    context.translate(x, top + frame.height + 6);
    context.rotate(-Math.PI / 2);
    context.fillStyle = marked?.column === column ? colours.text : colours.muted;
    context.textAlign = 'right';
    context.fillText(fit(context, classes[column] ?? '', height - top - frame.height - 8), 0, 0);
    context.restore();
  }
}

/** A name cut to a width; turned and invisible characters of other people's names stay within it. */
function fit(context: CanvasRenderingContext2D, name: string, width: number): string {
  const short = name.slice(0, 40).replace(/[\p{Cc}\p{Cf}]/gu, ' ');
  if (name.length <= 40 && context.measureText(short).width <= width) return short;
  for (let length = short.length; length > 1; length -= 1) {
    const text = `${short.slice(0, length)}…`;
    if (context.measureText(text).width <= width) return text;
  }
  return '';
}

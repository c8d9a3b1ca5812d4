/** The part of a square matrix that is looked at: first column, first row, and how many of both; may be fractions. */
export interface MatrixView {
  x: number;
  y: number;
  span: number;
}

const least = 4;

export const wholeMatrix = (size: number): MatrixView => ({ x: 0, y: 0, span: Math.max(1, size) });

/** Kept within the matrix, and not closer than four cells. */
export function holdView({ x, y, span }: MatrixView, size: number): MatrixView {
  const held = Math.min(size, Math.max(Math.min(least, size), span));
  const place = (start: number) => Math.min(size - held, Math.max(0, start));
  return { x: place(x), y: place(y), span: held };
}

/**
 * Closer (factor < 1) or farther, with one place of the picture staying where it is.
 * @param at that place, as shares of the picture's width and height
 */
export function zoomView(
  view: MatrixView,
  size: number,
  factor: number,
  at: { x: number; y: number },
): MatrixView {
  const { span } = holdView({ ...view, span: view.span * factor }, size);
  const lost = view.span - span;
  return holdView({ x: view.x + at.x * lost, y: view.y + at.y * lost, span }, size);
}

/** The smallest move that shows a cell. */
export function showCell(view: MatrixView, size: number, row: number, column: number): MatrixView {
  const into = (start: number, cell: number) => Math.min(cell, Math.max(start, cell + 1 - view.span));
  return holdView({ x: into(view.x, column), y: into(view.y, row), span: view.span }, size);
}

/** The square around a rectangle of the picture, given as shares of it. */
export function viewOfRectangle(
  view: MatrixView,
  size: number,
  from: { x: number; y: number },
  to: { x: number; y: number },
): MatrixView {
  const span = Math.max(Math.abs(to.x - from.x), Math.abs(to.y - from.y)) * view.span;
  const middle = { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 };
  return holdView(
    { x: view.x + middle.x * view.span - span / 2, y: view.y + middle.y * view.span - span / 2, span },
    size,
  );
}

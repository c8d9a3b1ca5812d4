/** The cell that lies under the middle of a pixel, where `pixels` pixels show `cells` cells. */
export function nearestCell(pixel: number, pixels: number, cells: number): number {
  return Math.floor(((pixel + 0.5) * cells) / pixels);
}

/**
 * For each pixel of a square of `pixels` a side the cell that it shows, row by row; -1 where a turned square leaves
 * the pixel as it is.
 * @param rotation degrees clockwise about the middle
 */
export function mapCells(pixels: number, columns: number, rows: number, rotation: number): Int32Array {
  const map = new Int32Array(pixels * pixels);
  const turned = rotation !== 0;
  const angle = (rotation / 180) * Math.PI;
  const cos = turned ? Math.cos(angle) : 1;
  const sin = turned ? Math.sin(angle) : 0;
  const middle = (pixels - 1) / 2;
  for (let y = 0; y < pixels; y++) {
    for (let x = 0; x < pixels; x++) {
      const dx = x - middle;
      const dy = y - middle;
      // Rounding to a millionth keeps quarter turns exact.
      const fromX = turned ? Math.round((cos * dx + sin * dy + middle) * 1e6) / 1e6 : x;
      const fromY = turned ? Math.round((cos * dy - sin * dx + middle) * 1e6) / 1e6 : y;
      const column = nearestCell(fromX, pixels, columns);
      const row = nearestCell(fromY, pixels, rows);
      const inside = column >= 0 && column < columns && row >= 0 && row < rows;
      map[y * pixels + x] = inside ? row * columns + column : -1;
    }
  }
  return map;
}

import type { PatchTrigger } from '#contract/trigger.ts';
import { decodeBase64, encodeBase64 } from '#core/pixels/base64.ts';
import type { Layer } from '#core/triggers/kinds/embedded-picture.ts';
import { mapCells } from '#core/triggers/kinds/nearest-cells.ts';
import { fillPatch } from '#core/triggers/kinds/patch-fill.ts';

export interface Brush {
  /** Red, green and blue, each 0 to 255. */
  colour: readonly number[];
  /** Diameter in cells of the painting, at least 1. */
  size: number;
  /** 0 (nothing shows) to 1; an eraser sets 0. */
  opacity: number;
}

/** A point on the painting in cells; cell 0 reaches from 0 to 1. */
export interface CellPoint {
  x: number;
  y: number;
}

/** An empty painting. */
export const blankPainting = (cells: number): Layer => ({
  width: cells,
  height: cells,
  rgba: new Uint8Array(cells * cells * 4),
});

/**
 * The pixels of a patch, to paint on: a painting as it is; anything else as it looks, one cell for each pixel at the
 * recipe's resolution. Noise that depends on the picture gives an empty painting.
 */
export function openPainting({ pattern, size }: PatchTrigger): Layer {
  if (Array.isArray(pattern)) return spread(fillPatch(pattern, size, size), size);
  if (pattern.kind === 'mean-noise') return blankPainting(size);
  if (pattern.kind === 'painted') {
    return { width: pattern.width, height: pattern.height, rgba: decodeBase64(pattern.rgba) };
  }
  return spread(fillPatch(pattern, size, size), size);
}

/** A layer in a square of `size` cells, by nearest neighbour as the trigger shows it. */
function spread(layer: Layer, size: number): Layer {
  const cells = mapCells(size, layer.width, layer.height, 0);
  const rgba = new Uint8Array(size * size * 4);
  for (let to = 0; to < cells.length; to++) {
    const from = (cells[to] as number) * 4;
    rgba.set(layer.rgba.subarray(from, from + 4), to * 4);
  }
  return { width: size, height: size, rgba };
}

/** The patch with a painting in the place of what it showed. */
export function withPainting(patch: PatchTrigger, { width, height, rgba }: Layer): PatchTrigger {
  return { ...patch, pattern: { kind: 'painted', width, height, rgba: encodeBase64(rgba) } };
}

/**
 * Paints a stroke in place: every cell whose middle is nearer to the line than half the brush, and always the cells
 * under its ends.
 */
export function paintStroke(layer: Layer, from: CellPoint, to: CellPoint, brush: Brush): void {
  const reach = brush.size / 2;
  const left = Math.max(0, Math.floor(Math.min(from.x, to.x) - reach));
  const right = Math.min(layer.width - 1, Math.ceil(Math.max(from.x, to.x) + reach));
  const top = Math.max(0, Math.floor(Math.min(from.y, to.y) - reach));
  const bottom = Math.min(layer.height - 1, Math.ceil(Math.max(from.y, to.y) + reach));
  const ends = [from, to].map(({ x, y }) => ({ x: Math.floor(x), y: Math.floor(y) }));
  const value = [...brush.colour.slice(0, 3), Math.round(brush.opacity * 255)];
  for (let y = top; y <= bottom; y++) {
    for (let x = left; x <= right; x++) {
      const isEnd = ends.some((end) => end.x === x && end.y === y);
      if (isEnd || distance(x + 0.5, y + 0.5, from, to) < reach)
        layer.rgba.set(value, (y * layer.width + x) * 4);
    }
  }
}

/** From a point to a line between two others. */
function distance(x: number, y: number, from: CellPoint, to: CellPoint): number {
  const dx = to.x - from.x;
  const dy = to.y - from.y;
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - from.x) * dx + (y - from.y) * dy) / length));
  return Math.hypot(x - from.x - along * dx, y - from.y - along * dy);
}

/**
 * The point of a painting under a point of the picture, the inverse of how a turned patch is drawn.
 * @param inside in pixels from the upper left corner of the patch's square
 * @param pixels side of that square
 * @param rotation degrees clockwise
 */
export function findCell(inside: CellPoint, pixels: number, layer: Sides, rotation: number): CellPoint {
  const angle = (rotation / 180) * Math.PI;
  const dx = inside.x - pixels / 2;
  const dy = inside.y - pixels / 2;
  const x = Math.cos(angle) * dx + Math.sin(angle) * dy + pixels / 2;
  const y = Math.cos(angle) * dy - Math.sin(angle) * dx + pixels / 2;
  return { x: (x * layer.width) / pixels, y: (y * layer.height) / pixels };
}

interface Sides {
  width: number;
  height: number;
}

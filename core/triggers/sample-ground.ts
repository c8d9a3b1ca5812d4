import type { Picture } from '../pixels/picture.ts';

/**
 * A drawing to show a trigger on where no picture of the person's own is at hand: a sky, a sun, a hill and a house with
 * edges, so that a warp, a change of colour and faint patterns all show. Smooth at every resolution.
 * @param side pixels, at least 1
 */
export function drawSampleGround(side: number): Picture {
  const data = new Uint8Array(side * side * 3);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      data.set(colourAt((x + 0.5) / side, (y + 0.5) / side), (y * side + x) * 3);
    }
  }
  return { width: side, height: side, data };
}

/** Red, green and blue at a place, both coordinates in [0, 1]. */
function colourAt(x: number, y: number): readonly [number, number, number] {
  const inHouse = x > 0.2 && x < 0.5 && y > 0.5 && y < 0.82;
  const inRoof = y > 0.3 && y <= 0.5 && Math.abs(x - 0.35) < (y - 0.3) * 1.05;
  const inDoor = x > 0.31 && x < 0.39 && y > 0.62 && y < 0.82;
  if (inDoor) return [92, 64, 51];
  if (inHouse) return [226, 214, 190];
  if (inRoof) return [178, 74, 60];
  if (y > 0.74 - 0.1 * Math.sin(x * 4)) return [86, Math.round(150 - 60 * (y - 0.6)), 70];
  if ((x - 0.76) ** 2 + (y - 0.24) ** 2 < 0.012) return [250, 214, 96];
  return [Math.round(110 + 90 * y), Math.round(165 + 50 * y), 225];
}

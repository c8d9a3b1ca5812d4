import { WorkbenchError } from '#contract/errors.ts';
import type { Picture } from '#core/pixels/picture.ts';
import { fromCanvasPixels } from './rgba.ts';

/**
 * The pixels of a picture at an address of the host, exactly as they are stored.
 * @throws WorkbenchError `not-found` where the host has none; `unavailable` where this browser cannot draw
 */
export async function readPixels(address: string, signal: AbortSignal | null = null): Promise<Picture> {
  const answer = await fetch(address, { signal });
  if (!answer.ok)
    throw new WorkbenchError('not-found', 'This picture cannot be read: its file may have moved.');
  // Without these two the browser may change values on the way.
  const exact = { colorSpaceConversion: 'none', premultiplyAlpha: 'none' } as const;
  const bitmap = await createImageBitmap(await answer.blob(), exact);
  const { width, height } = bitmap;
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  if (context === null) throw new WorkbenchError('unavailable', 'This browser cannot draw pictures.');
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  return fromCanvasPixels({ width, height, rgba: context.getImageData(0, 0, width, height).data });
}

import type { Trigger } from '#contract/trigger.ts';
import type { Picture } from '#core/pixels/picture.ts';
import { renderTriggered } from '#core/triggers/trigger-registry.ts';

/** What a preview needs of a recipe. */
export interface TriggerLook {
  trigger: Trigger;
  /** Side of the picture that it is laid on, px. */
  resolution: number;
  seed: number;
}

/** A picture as a variant has it, or why it cannot have it. */
export function previewTriggered(picture: Picture, look: TriggerLook, key: string): Picture | string {
  try {
    return renderTriggered(picture, look, key);
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown);
  }
}

/** The pixels of a picture at an address of the host. */
export async function loadPicture(address: string, signal: AbortSignal): Promise<Picture> {
  const answer = await fetch(address, { signal });
  if (!answer.ok) throw new Error('The picture cannot be read.');
  const bitmap = await createImageBitmap(await answer.blob(), {
    colorSpaceConversion: 'none',
    premultiplyAlpha: 'none',
  });
  const { width, height } = bitmap;
  const context = new OffscreenCanvas(width, height).getContext('2d');
  if (context === null) throw new Error('This window cannot draw pictures.');
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  return fromRgba(context.getImageData(0, 0, width, height));
}

/** RGB of RGBA; the alpha is left out. */
export function fromRgba({ width, height, data }: Pick<ImageData, 'width' | 'height' | 'data'>): Picture {
  const rgb = new Uint8Array(width * height * 3);
  for (let pixel = 0; pixel < width * height; pixel += 1) {
    rgb.set(data.subarray(pixel * 4, pixel * 4 + 3), pixel * 3);
  }
  return { width, height, data: rgb };
}

/** RGBA, fully opaque, of RGB. */
export function toRgba({ width, height, data }: Picture): Uint8ClampedArray<ArrayBuffer> {
  const rgba = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let pixel = 0; pixel < width * height; pixel += 1) {
    rgba.set(data.subarray(pixel * 3, pixel * 3 + 3), pixel * 4);
  }
  return rgba;
}

import type { WireError } from '#contract/errors.ts';
import type { Picture } from '#core/pixels/picture.ts';
import type { PictureFacts } from '../importing/look-at-jpeg.ts';
import type { AlphaPicture } from '../pictures/alpha-png.ts';

/** Decoding one picture may take as long as this, by the clock. */
export const maxDecodeSeconds = 10;

/** What is decoded: a file, or the bytes of one that are read already, with where they came from for messages. */
export type Encoded = { path: string } | { bytes: Uint8Array; where: string };

/** What can be made of a picture. */
export interface Made {
  /** What an import keeps of it. */
  facts: PictureFacts;
  /** hashPixels of it. */
  hash: string;
  pixels: Picture;
  /** A PNG file that fits a square of `size` pixels; null leaves the size. */
  png: Uint8Array;
  /** With its alpha, at most `side` pixels a side. */
  alpha: AlphaPicture;
}

export type DecodeTask =
  | { make: 'facts' | 'hash' | 'pixels'; of: Encoded }
  | { make: 'png'; of: Encoded; size: number | null }
  | { make: 'alpha'; of: { bytes: Uint8Array; where: string }; side: number };

/** Where the bytes of a task came from. */
export const placeOf = ({ of }: DecodeTask): string => ('path' in of ? of.path : of.where);

export interface DecodeRequest {
  id: number;
  task: DecodeTask;
}

/** Once that it runs; then one for each request. */
export type DecodeAnswer =
  | { ready: true }
  | ({ id: number } & ({ made: Made[keyof Made] } | { error: WireError }));

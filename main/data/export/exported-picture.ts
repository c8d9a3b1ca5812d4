import type { Split } from '#contract/dataset.ts';

/** A picture with its pairs of one split, as exports write it. */
export interface ExportedPicture {
  /** Its key in the dataset. */
  key: string;
  split: Split;
  captions: string[];
  label: string | null;
  /** A picture file's bytes, unchanged, with the suffix of its format. */
  bytes: Buffer;
  suffix: string;
  sha256: string;
  width: number;
  height: number;
}

/** Writes the pictures of one part (all of one split) to a path that exists only once the part is whole. */
export interface PartWriter {
  /** The part's file or folder below the export's, by its number, from 0. */
  name(split: Split, part: number): string;
  write(path: string, pictures: AsyncIterable<ExportedPicture>): Promise<void>;
}

/** `000000012`: a picture's number in its part. */
export const numbered = (at: number, digits: number): string => String(at).padStart(digits, '0');

import type { Split } from '#contract/dataset.ts';
import type { ImportNote } from '#contract/import.ts';
import type { InnerSource } from '#contract/picture-source.ts';
import type { ClassNames } from './class-names.ts';
import type { Looked } from './look.ts';

/** What a person may say about a file or folder; what is left out is guessed, and said. */
export interface ReaderOptions {
  delimiter?: Delimiter | undefined;
  imageColumn?: string | undefined;
  captionColumn?: string | undefined;
  /** null: none is read, even where a column looks like it. */
  labelColumn?: string | null | undefined;
  splitColumn?: string | null | undefined;
  /** Captions of pictures that bring none are made from these. */
  templates: readonly string[];
  names: ClassNames;
  /** Of folders of classes: so much of each class becomes test pairs, drawn with the seed. Left out: none. */
  test?: { share: number; seed: number } | undefined;
}

export type Delimiter = ',' | '\t' | ';' | '|';

/** A pair as a reader finds it, before its picture is looked at. */
export interface FoundPair {
  /** Where it stands: a row's number (the header is row 1), or a path. */
  row: number | string;
  /** The picture's key; without `source` also its path below `root`. */
  key: string;
  source?: InnerSource;
  caption: string;
  label: string | null;
  split: Split;
  /** There is no such file, as far as the reader has looked. */
  missing?: true;
}

export type Found =
  | ({ kind: 'pair' } & FoundPair)
  | { kind: 'skipped'; row: number | string; reason: string }
  | { kind: 'note'; note: ImportNote };

export interface ReadProgress {
  done: number;
  total: number;
  unit: 'bytes' | 'files' | 'rows';
}

/** A file or folder as one reader understands it. */
export interface Reading {
  /** Absolute folder that keys and sources are relative to. */
  root: string;
  /** Columns found, and which is what; null for what has no columns. */
  columns: { names: string[]; mapping: ColumnMapping } | null;
  /** What it finds, some hundred at a time: waiting for each of a million rows takes longer than reading it. */
  batches: Read<readonly Found[]>;
}

type Read<T> = (
  signal: AbortSignal | undefined,
  onProgress: (progress: ReadProgress) => void,
) => AsyncIterable<T>;

/** Items of a batch, at most. */
export const batchItems = 500;

/** The batches of a reader that finds one item after the other. */
export function inBatches(read: Read<Found>): Reading['batches'] {
  return async function* (signal, onProgress) {
    let batch: Found[] = [];
    try {
      for await (const item of read(signal, onProgress)) {
        batch.push(item);
        if (batch.length < batchItems) continue;
        yield batch;
        batch = [];
      }
    } finally {
      // Also where reading fails: what was found before counts.
      yield batch;
    }
  };
}

export interface ColumnMapping {
  image: string | null;
  caption: string | null;
  label: string | null;
  split: string | null;
}

/** How well what lies there fits a reader, and why, in words for a person. */
export interface Recognition {
  /** `sure`: nothing else is meant. `plausible`: another reading may be meant as well. */
  fit: 'sure' | 'plausible';
  why: string;
}

export interface ReaderDefinition {
  /** What it reads, for lists. */
  label: string;
  /** null: this is not its format. */
  recognise(looked: Looked, options: ReaderOptions): Promise<Recognition | null>;
  /** @throws WorkbenchError `bad-input` where it cannot be read so, with what to do */
  open(looked: Looked, options: ReaderOptions): Promise<Reading>;
}

export function skipped(row: number | string, reason: string): Found {
  return { kind: 'skipped', row, reason };
}

export function note(kind: ImportNote['kind'], message: string, count?: number): Found {
  return { kind: 'note', note: count === undefined ? { kind, message } : { kind, message, count } };
}

import type { Snippet } from 'svelte';
import type { SchemaNode } from './schema.ts';

/** A number's slider and unit where they are narrower or plainer than the schema's. */
export interface NumberLook {
  min?: number;
  max?: number;
  step?: number;
  unit?: string;
}

/** What a form knows beyond its schema. Paths are names joined by dots, as `place.margin`. */
export interface FormContext {
  /** Looks of numbers; a number beyond a slider's range can still be written where the schema allows it. */
  look?: (path: string) => NumberLook | undefined;
  /** Words in the place of a parameter's name. */
  nameWords?: (name: string) => string | undefined;
  /** Words in the place of one of several choices. */
  choiceWords?: (choice: string) => string | undefined;
  /** The first value of a form of a union, or of a new entry of a list; undefined leaves the schema's plainest. */
  make?: (path: string, schema: SchemaNode) => unknown;
  /** Parameters that are edited elsewhere. */
  isHidden?: (path: string) => boolean;
  /** Edits a picture that lies in the parameters. */
  picture?: Snippet<[Record<string, unknown>, (value: unknown) => void]>;
  /** A gesture (a drag of a slider) has ended. */
  settle?: () => void;
}

import type { TensorflowLibrary } from './tensorflow-location.mjs';

/** Why TensorFlow is not there: `message` says what was found, `advice` what to do. */
export class TensorflowProblem extends Error {
  readonly kind: string;
  readonly advice: string;
}

export const problems: {
  noRelease(platform: string, arch: string): TensorflowProblem;
  notFetched(): TensorflowProblem;
  doesNotLoad(reason: string, file: string): TensorflowProblem;
};

/** The problem that set-up met last, or null. */
export function readProblem(library: TensorflowLibrary): TensorflowProblem | null;

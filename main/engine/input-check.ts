import type * as tf from '@tensorflow/tfjs-core';
import { WorkbenchError } from '#contract/errors.ts';

/** What a step must know of an input before there is one. `uint8` is a tensor of TensorFlow's that tfjs calls int32. */
export interface InputShape {
  shape: readonly number[];
  dtype: 'float32' | 'int32' | 'uint8';
}

type Seen = { shape: readonly number[]; dtype: string };

export function describeInput({ shape, dtype }: tf.Tensor): Seen {
  return { shape, dtype };
}

/** Refuses inputs that differ from the first call's in number, rank or element type. */
export class InputCheck {
  readonly #name: string;
  #expected: readonly Seen[] | null = null;

  constructor(name: string) {
    this.#name = name;
  }

  check(found: readonly Seen[]): void {
    this.#expected ??= found;
    const expected = this.#expected;
    const differs = (a: Seen, b: Seen | undefined) =>
      a.shape.length !== b?.shape.length || a.dtype !== b.dtype;
    const fault =
      expected.length === found.length
        ? expected.findIndex((input, at) => differs(input, found[at]))
        : expected.length;
    if (fault === -1) return;
    throw new WorkbenchError(
      'bad-input',
      expected.length === found.length
        ? `Step "${this.#name}" takes ${describe(expected[fault])} as input ${fault}, not ${describe(found[fault])}.`
        : `Step "${this.#name}" takes ${expected.length} inputs, not ${found.length}.`,
      { step: this.#name, input: fault },
    );
  }
}

function describe(input: Seen | undefined): string {
  return input ? `${input.dtype} of rank ${input.shape.length}` : 'none';
}

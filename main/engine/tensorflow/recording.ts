import { WorkbenchError } from '#contract/errors.ts';
import type { OpAttribute } from './attributes.ts';

export interface RecordedOp {
  name: string;
  attributes: readonly OpAttribute[];
  inputs: number[];
  outputs: number[];
}

export interface RecordedConstant {
  shape: number[];
  dtype: number;
  values: ArrayLike<number | boolean | bigint>;
}

/**
 * The ops of one eager step in order, with the numbers of the tensors they take and give. A tensor that enters from
 * outside must be among the inputs; values that the step itself writes become constants.
 */
export class Recording {
  readonly name: string;
  readonly ops: RecordedOp[] = [];
  readonly constants = new Map<number, RecordedConstant>();
  readonly #known: Set<number>;
  readonly #written = new WeakSet<object>();

  constructor(name: string, inputs: readonly number[]) {
    this.name = name;
    this.#known = new Set(inputs);
  }

  /** Notes values that the step hands to TensorFlow.js while it is being recorded. */
  noteWritten(values: object): void {
    this.#written.add(values);
  }

  addConstant(
    id: number,
    shape: readonly number[],
    dtype: number,
    values: ArrayLike<number | boolean | bigint>,
  ): void {
    if (!this.#written.has(values)) throw this.#captured(shape);
    this.#known.add(id);
    this.constants.set(id, { shape: [...shape], dtype, values: Array.from(values) });
  }

  addOp(op: RecordedOp): void {
    for (const id of op.outputs) this.#known.add(id);
    this.ops.push(op);
  }

  /** Throws where an op takes a tensor from outside that was not declared. */
  checkInputs(inputs: readonly number[], describe: (id: number) => { shape: number[] }): void {
    for (const id of inputs) if (!this.#known.has(id)) throw this.#captured(describe(id).shape);
  }

  /** The ops that `outputs` need, in order. */
  reachable(outputs: readonly number[]): RecordedOp[] {
    const needed = new Set(outputs);
    const kept: RecordedOp[] = [];
    for (const op of this.ops.toReversed()) {
      if (!op.outputs.some((id) => needed.has(id))) continue;
      kept.push(op);
      for (const id of op.inputs) needed.add(id);
    }
    return kept.reverse();
  }

  #captured(shape: readonly number[]): WorkbenchError {
    return new WorkbenchError(
      'recording',
      `Step "${this.name}" uses a tensor of shape [${shape}] that is neither an input nor a declared constant: ` +
        'pass it to the step as an input, or name it among its constants.',
      { step: this.name, shape: [...shape] },
    );
  }
}

import * as tf from '@tensorflow/tfjs-core';
import { WorkbenchError } from '#contract/errors.ts';
import { checkShape, type StepState, type Variables } from './variables.ts';

/** Variables as tensors that each step replaces. */
export class PlainVariables implements Variables {
  readonly #name: string;
  readonly #tensors = new Map<string, tf.Tensor>();
  readonly shapes = new Map<string, number[]>();

  constructor(name: string) {
    this.#name = name;
  }

  create(name: string, value: tf.Tensor): void {
    if (this.#tensors.has(name)) throw new WorkbenchError('internal', `${this.#name} has ${name} already.`);
    this.#tensors.set(name, tf.keep(tf.clone(value)));
    this.shapes.set(name, [...value.shape]);
  }

  write(name: string, value: tf.Tensor): void {
    this.#replace(name, value).dispose();
  }

  read(name: string): tf.Tensor {
    return tf.clone(this.#find(name));
  }

  dispose(): void {
    for (const tensor of this.#tensors.values()) tensor.dispose();
    this.#tensors.clear();
    this.shapes.clear();
  }

  /** Runs `step` on the variables, which change only once all of it went well. Call it in a tidy. */
  run<T>(step: (state: StepState) => T): T {
    const changed = new Map<string, tf.Tensor>();
    const set = (name: string, value: tf.Tensor) => {
      checkShape(name, this.#find(name).shape, value);
      changed.set(name, value);
    };
    const result = step({
      read: (name) => this.#find(name),
      assign: set,
      update: (name, change) => set(name, change(changed.get(name) ?? this.#find(name))),
      fused: null,
    });
    // All new ones first: one may share the memory of another's old one.
    const old = [...changed].map(([name, value]) => this.#replace(name, value));
    tf.dispose(old);
    return result;
  }

  /** @returns the tensor that it was, which the caller disposes */
  #replace(name: string, value: tf.Tensor): tf.Tensor {
    const old = this.#find(name);
    checkShape(name, this.shapes.get(name)!, value);
    this.#tensors.set(name, tf.keep(tf.clone(value)));
    return old;
  }

  #find(name: string): tf.Tensor {
    const tensor = this.#tensors.get(name);
    if (tensor) return tensor;
    throw new WorkbenchError('internal', `${this.#name} has no variable ${name}.`, { name });
  }
}

import * as tf from '@tensorflow/tfjs-core';
import type { Parameters, Statistics } from '../clip/parameters.ts';
import { createVariables } from '../create-variables.ts';
import type { Tensors } from '../methods/training-method.ts';
import type { StepState, Variables } from '../variables.ts';
import type { OptimisedTensor, Optimiser } from './optimisers/optimiser.ts';

/** What a run begins or goes on with. */
export interface StateValues {
  /** Trained parameters. */
  parameters: Parameters;
  /** Parameters that the run keeps as they are. */
  frozen: Parameters;
  statistics: Statistics;
  /** The method's own: see methods/training-method.ts. */
  memory: Tensors;
  /** The optimiser's, by kind, then by parameter; null before the first step. */
  moments: Record<string, Tensors> | null;
}

/** New values of some weights, by name. */
export interface ReplacedWeights {
  parameters?: Parameters;
  statistics?: Statistics;
}

export type StatePart = 'parameters' | 'frozen' | 'statistics' | 'memory' | 'gradients';

/** All tensors of a run that outlive a step, as variables `PART/NAME`: steps read and change them. */
export class TrainingState {
  readonly variables: Variables;
  readonly optimiser: Optimiser;
  readonly #names = new Map<string, string[]>();

  /** Takes over the tensors: they are disposed. */
  constructor(values: StateValues, optimiser: Optimiser) {
    this.optimiser = optimiser;
    this.variables = createVariables('training');
    for (const part of ['parameters', 'frozen', 'statistics', 'memory'] as const) {
      this.#create(part, values[part]);
    }
    for (const kind of optimiser.moments) {
      if (values.moments === null) this.#createZeros(kind);
      else this.#create(kind, values.moments[kind] ?? {});
    }
  }

  /** Room for a gradient of each trained parameter, for steps that add them up part by part; once is enough. */
  addGradients(): void {
    if (!this.#names.has('gradients')) this.#createZeros('gradients');
  }

  /** Names in a part, sorted. */
  namesIn(part: string): readonly string[] {
    return this.#names.get(part) ?? [];
  }

  /** The tensors of a part within a step, as they were at its beginning. */
  open(state: StepState, part: StatePart): Tensors {
    return Object.fromEntries(this.namesIn(part).map((name) => [name, state.read(variableOf(part, name))]));
  }

  optimised(name: string): OptimisedTensor {
    const moments = this.optimiser.moments.map((kind) => variableOf(kind, name));
    return { name, variable: variableOf('parameters', name), moments };
  }

  /** The tensors of a part now. The caller disposes them. */
  read(part: string): Tensors {
    return Object.fromEntries(
      this.namesIn(part).map((name) => [name, this.variables.read(variableOf(part, name))]),
    );
  }

  /** One trained number now, such as logit_scale, unread; null where the run trains no such parameter. The caller's. */
  readScalar(name: string): tf.Tensor | null {
    if (!this.namesIn('parameters').includes(name)) return null;
    return this.variables.read(variableOf('parameters', name));
  }

  /** Changes weights between steps, trained or not; the tensors stay the caller's. */
  writeWeights({ parameters = {}, statistics = {} }: ReplacedWeights): void {
    const parts = { parameters, frozen: parameters, statistics };
    for (const [part, values] of Object.entries(parts)) {
      for (const name of this.namesIn(part)) {
        const value = values[name];
        if (value !== undefined) this.variables.write(variableOf(part, name), value);
      }
    }
  }

  /** The method's memory before the first step. Takes over the tensors. */
  addMemory(memory: Tensors): void {
    this.#create('memory', memory);
  }

  dispose(): void {
    this.variables.dispose();
  }

  #create(part: string, tensors: Tensors): void {
    for (const [name, tensor] of Object.entries(tensors)) {
      this.variables.create(variableOf(part, name), tensor);
      tensor.dispose();
    }
    this.#names.set(part, Object.keys(tensors).sort());
  }

  /** For each trained parameter a tensor of its shape; one at a time, made where the backend computes. */
  #createZeros(kind: string): void {
    const names = this.namesIn('parameters');
    for (const name of names) {
      const zeros = tf.fill(this.variables.shapes.get(variableOf('parameters', name))!, 0);
      this.variables.create(variableOf(kind, name), zeros);
      zeros.dispose();
    }
    this.#names.set(kind, [...names]);
  }
}

export function variableOf(part: string, name: string): string {
  return `${part}/${name}`;
}

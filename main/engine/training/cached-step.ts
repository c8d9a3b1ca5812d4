import * as tf from '@tensorflow/tfjs-core';
import type { Precision } from '#contract/methods/common-settings.ts';
import { differentiate } from '../clip/differentiate.ts';
import { type Parameters, take } from '../clip/parameters.ts';
import { compileStep } from '../compiled-step.ts';
import type { InputShape } from '../input-check.ts';
import type { SplitObjective } from '../methods/training-method.ts';
import type { CompiledStep, Step } from '../step.ts';
import { sliceRows } from '../tensorflow/slice-rows.ts';
import type { StepState } from '../variables.ts';
import { type TrainingState, variableOf } from './training-state.ts';
import { applyGradients, changesIn } from './training-step.ts';

export interface CachedStepOptions {
  /** Appears in error messages. */
  name: string;
  /** The names of the batch's tensors. */
  batch: readonly string[];
  /** Parts of equal size that a batch is cut into. */
  parts: number;
  embedDim: number;
  precision?: Precision;
}

const scale = 'logit_scale';

/**
 * A training step of a large batch in the memory of a part (GradCache, Gao et al. 2021, arXiv 2101.06983): all parts are
 * embedded without gradients, the loss of the whole batch gives the gradient of each embedding, and each part is
 * embedded once more to carry its own back to the parameters, where they add up. Exact where rows of a batch do not
 * depend on each other: not with batch norms, which see the part. Takes what training-step.ts's step takes:
 * [...batch, ...the optimiser's factors] to [loss].
 */
export function createCachedStep(
  objective: SplitObjective,
  state: TrainingState,
  options: CachedStepOptions,
): CompiledStep {
  state.addGradients();
  const { name, batch: names, parts, embedDim, precision = 'float32' } = options;
  const { variables } = state;
  const compile = (step: Step, what: string) =>
    compileStep(step, { name: `${name}, ${what}`, variables, precision });
  const trained = state.namesIn('parameters').filter((parameter) => parameter !== scale);
  const trainsScale = state.namesIn('parameters').includes(scale);
  const batchOf = (inputs: tf.Tensor[]) => Object.fromEntries(names.map((key, at) => [key, inputs[at]!]));

  const encode = (inputs: tf.Tensor[], now: StepState, parameters: Parameters) =>
    objective.encode({
      parameters: { ...state.open(now, 'frozen'), ...state.open(now, 'parameters'), ...parameters },
      statistics: state.open(now, 'statistics'),
      batch: batchOf(inputs),
      memory: {},
      constants: {},
    });

  const embed = compile((inputs, now) => {
    const { image, text } = encode(inputs, now, {}).embeddings;
    return [image, text];
  }, 'embed');

  const compare = compile(([image, text], now) => {
    const all = { ...state.open(now, 'frozen'), ...state.open(now, 'parameters') };
    const given = { image: image!, text: text!, scale: take(all, scale) };
    const { loss, gradients } = differentiate(given, (own) => {
      const embeddings = { image: own.image as tf.Tensor2D, text: own.text as tf.Tensor2D };
      return { loss: objective.compare(embeddings, own.scale as tf.Scalar), extra: {} };
    });
    if (trainsScale) now.assign(variableOf('gradients', scale), gradients.scale!);
    return [loss, gradients.image!, gradients.text!];
  }, 'compare');

  const carryBack = (inputs: tf.Tensor[], now: StepState, keep: typeof addTo): tf.Tensor[] => {
    const [dImage, dText] = inputs.slice(names.length) as [tf.Tensor2D, tf.Tensor2D];
    const own = Object.fromEntries(
      trained.map((parameter) => [parameter, now.read(variableOf('parameters', parameter))]),
    );
    const before = state.open(now, 'statistics');
    const { loss, extra, gradients } = differentiate(own, (given) => {
      const { embeddings, statistics } = encode(inputs, now, given);
      const along = tf.add(
        tf.sum(tf.mul(embeddings.image, dImage)),
        tf.sum(tf.mul(embeddings.text, dText)),
      ) as tf.Scalar;
      return { loss: along, extra: changesIn('statistics', before, statistics) };
    });
    for (const [parameter, gradient] of Object.entries(gradients)) {
      keep(now, variableOf('gradients', parameter), gradient);
    }
    for (const [variable, value] of Object.entries(extra)) now.assign(variable, value);
    return [loss];
  };
  // The first part's gradients take the place of the last step's.
  const backFirst = compile(
    (inputs, now) => carryBack(inputs, now, (state, variable, gradient) => state.assign(variable, gradient)),
    'back, first part',
  );
  const back = compile((inputs, now) => carryBack(inputs, now, addTo), 'back');

  const apply = compile((factors, now) => {
    applyGradients(state, now, state.open(now, 'gradients'), factors as tf.Scalar[]);
    return [];
  }, 'apply');

  return {
    async run(inputs) {
      const batch = inputs.slice(0, names.length);
      const factors = inputs.slice(names.length);
      const [rows] = batch[0]!.shape as [number];
      const size = rows / parts;
      const cut = (tensors: readonly tf.Tensor[], part: number) =>
        tensors.map((tensor) => sliceRows(tensor, part * size, size));
      const kept: tf.Tensor[] = [];
      const hold = (tensors: tf.Tensor[]) => {
        kept.push(...tensors);
        return tensors;
      };
      try {
        const found: tf.Tensor[][] = [];
        for (let part = 0; part < parts; part++) {
          const piece = cut(batch, part);
          found.push(hold(await embed.run(piece)));
          tf.dispose(piece);
        }
        const whole = hold([0, 1].map((place) => tf.concat(found.map((pair) => pair[place]!))));
        const [loss, ...slopes] = await compare.run(whole);
        hold(slopes);
        for (let part = 0; part < parts; part++) {
          const piece = cut([...batch, ...slopes], part);
          tf.dispose(await (part === 0 ? backFirst : back).run(piece));
          tf.dispose(piece);
        }
        await apply.run(factors);
        return [loss!];
      } finally {
        tf.dispose(kept);
      }
    },
    prepare(inputs) {
      const batch = inputs.slice(0, names.length);
      const rows = batch[0]!.shape[0]!;
      const size = rows / parts;
      const piece = batch.map(
        ({ shape, dtype }): InputShape => ({ shape: [size, ...shape.slice(1)], dtype }),
      );
      const embeddings = (count: number): InputShape[] =>
        ['image', 'text'].map(() => ({ shape: [count, embedDim], dtype: 'float32' }));
      embed.prepare(piece);
      compare.prepare(embeddings(rows));
      for (const step of [backFirst, back]) step.prepare([...piece, ...embeddings(size)]);
      apply.prepare(inputs.slice(names.length));
    },
    get graphs() {
      return [embed, compare, backFirst, back, apply].reduce((sum, { graphs }) => sum + graphs, 0);
    },
    dispose() {
      for (const step of [embed, compare, backFirst, back, apply]) step.dispose();
    },
  };
}

/** Adds to a gradient in its own memory where the backend can. */
function addTo(now: StepState, variable: string, gradient: tf.Tensor): void {
  if (now.fused) now.fused.add(variable, gradient);
  else now.update(variable, (value) => tf.add(value, gradient));
}

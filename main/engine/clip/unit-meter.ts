import * as tf from '@tensorflow/tfjs-core';
import type { ModelSpec } from '#contract/clip-config.ts';
import { type CompiledStep, compileStep } from '../compiled-step.ts';
import { toPixelTensor } from '../training/feeding/image-batch.ts';
import { encodeImage } from './clip.ts';
import type { Parameters, Statistics } from './parameters.ts';

/** Adds up how large an image tower's units are over pictures; see watch.ts for which. */
export interface UnitMeter {
  /** Raw pixels [n, side, side, 3] at the model's resolution. */
  add(raw: Uint8Array): Promise<void>;
  /** Mean absolute value of each unit so far, by the layer that reads them. */
  means(): Record<string, Float32Array>;
  dispose(): void;
}

/** The model is used as a person uses it, and stays the caller's. */
export function createUnitMeter(model: {
  spec: ModelSpec;
  parameters: Parameters;
  statistics: Statistics;
}): UnitMeter {
  const { spec, parameters, statistics } = model;
  const names: string[] = [];
  const constants = [...Object.values(parameters), ...Object.values(statistics)];
  const step: CompiledStep = compileStep(
    ([pixels]) => {
      const seen: Record<string, tf.Tensor1D> = {};
      const units = (name: string, values: tf.Tensor) => {
        const all = tf.reshape(tf.abs(values), [-1, values.shape.at(-1) ?? 1]);
        seen[name] = tf.mean(all, 0);
      };
      encodeImage(spec.clip, parameters, statistics, pixels as tf.Tensor4D, {
        training: false,
        watch: { units },
      });
      names.splice(0, names.length, ...Object.keys(seen));
      return Object.values(seen);
    },
    { name: 'measure units', constants },
  );
  const sums = new Map<string, Float64Array>();
  let pictures = 0;
  return {
    async add(raw) {
      const pixels = toPixelTensor(raw, spec.clip.image.resolution);
      const [batch] = pixels.shape;
      const found = await step.run([pixels]).finally(() => pixels.dispose());
      for (const [place, tensor] of found.entries()) {
        const values = await tensor.data();
        const name = names[place] ?? '';
        const sum = sums.get(name) ?? new Float64Array(values.length);
        for (const [unit, value] of values.entries()) sum[unit] = sum[unit]! + batch * value;
        sums.set(name, sum);
      }
      tf.dispose(found);
      pictures += batch;
    },
    means: () =>
      Object.fromEntries(
        [...sums].map(([name, sum]) => [
          name,
          Float32Array.from(sum, (value) => value / Math.max(1, pictures)),
        ]),
      ),
    dispose: () => step.dispose(),
  };
}

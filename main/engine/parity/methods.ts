import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';
import type { ParityCheck } from '#contract/engine.ts';
import { WorkbenchError } from '#contract/errors.ts';
import { differentiate } from '../clip/differentiate.ts';
import type { PairEmbeddings } from '../losses/contrast.ts';
import { pairwiseCosineLoss } from '../losses/decree.ts';
import { measureShift, parLoss } from '../losses/par.ts';
import { roclipLoss } from '../losses/roclip.ts';
import { safeclipUnimodalLoss } from '../losses/safeclip.ts';
import { unlearnLoss } from '../losses/unlearn.ts';
import { judge, relativeDifference } from './compare.ts';
import { type FixtureTensors, openFixture, parseFixture } from './fixture.ts';
import type { ParityPart } from './part.ts';

const lossTolerance = 1e-5;
const gradientTolerance = 1e-4;

/** Of the 16 pairs of the figures, the last four are the known poison. */
const poisonFrom = 12;

const expectedSchema = z.object({
  logit_scale: z.number(),
  cases: z
    .record(z.string(), z.object({ loss: z.number(), logit_scale_grad: z.number().nullable() }))
    .refine((cases) => Object.keys(cases).length > 0),
  distances: z.object({ pictures: z.number(), texts: z.number() }),
});
type MethodCase = z.infer<typeof expectedSchema>['cases'][string];

const tensorNames = [
  'image',
  'text',
  'image2',
  'text2',
  'old_image',
  'old_text',
  'pool_image',
  'pool_text',
] as const;
type Tensors = Record<(typeof tensorNames)[number], tf.Tensor2D> & { logit_scale: tf.Scalar };

/** Each case of the figures, by the start of its name; what follows is a threshold. */
const methods: Record<string, (tensors: Tensors, threshold: number) => tf.Scalar> = {
  par_tau_: (of, threshold) =>
    parLoss(of, { image: of.old_image, text: of.old_text }, of.logit_scale, threshold),
  roclip_pool: (of) => roclipLoss(of.image, of.pool_text, of.logit_scale),
  safeclip_unimodal: (of) =>
    safeclipUnimodalLoss(
      of,
      { image: of.image2, text: of.text2 },
      { image: of.pool_image, text: of.pool_text },
      of.logit_scale,
    ),
  unlearn_apart: (of) => unlearn(of, 'apart'),
  unlearn_reference_form: (of) => unlearn(of, 'reference'),
  decree_cosine: (of) => pairwiseCosineLoss(of.image),
};

/** Losses of later repairs and of DECREE, with their gradients. */
export const methodsPart: ParityPart = {
  name: 'methods',
  files: ['methods.json', 'methods.safetensors'],
  check: checkMethods,
};

async function checkMethods(folder: string): Promise<ParityCheck[]> {
  const file = path.join(folder, 'methods.json');
  const expected = await parseFixture(file, expectedSchema);
  const tensors = openFixture(path.join(folder, 'methods.safetensors'));
  const checks = Object.entries(expected.cases).flatMap(([name, methodCase]) =>
    checkCase(tensors, { file, name, methodCase, logitScale: expected.logit_scale }),
  );
  const shift = tf.tidy(() => {
    const of = readTensors(tensors);
    const { image, text } = measureShift(of, { image: of.old_image, text: of.old_text });
    return [image.dataSync()[0]!, text.dataSync()[0]!];
  });
  const wanted = [expected.distances.pictures, expected.distances.texts];
  return [...checks, judge('methods/distances', relativeDifference(shift, wanted), lossTolerance)];
}

interface Case {
  file: string;
  name: string;
  methodCase: MethodCase;
  logitScale: number;
}

function checkCase(fixture: FixtureTensors, { file, name, methodCase, logitScale }: Case): ParityCheck[] {
  const start = Object.keys(methods).find((known) => name.startsWith(known));
  const method = methods[start ?? ''];
  if (start === undefined || method === undefined) {
    const message = `${file} has a case "${name}", which this version does not know. Use the folder of reference figures as it was made.`;
    throw new WorkbenchError('corrupt-file', message, { file, case: name });
  }
  const threshold = Number(name.slice(start.length));
  const found = tf.tidy(() => {
    const inputs = { ...readTensors(fixture), logit_scale: tf.scalar(logitScale) };
    // A tensor that a loss does not use has no gradient: adding nothing of each keeps one rule for all.
    const { loss, gradients } = differentiate(inputs, (given) => {
      const value = method(given as Tensors, threshold);
      const unused = Object.values(given).map((tensor) => tf.mul(tf.sum(tensor), 0) as tf.Scalar);
      return { loss: tf.addN([value, ...unused]), extra: {} };
    });
    const values = Object.entries(gradients).map(
      ([tensor, gradient]) => [tensor, gradient.dataSync()] as const,
    );
    return { loss: loss.dataSync(), gradients: Object.fromEntries(values) };
  });
  const errors = Object.entries(found.gradients).map(([tensor, values]) =>
    relativeDifference(values, wantedGradient(fixture, name, tensor, methodCase, values.length)),
  );
  return [
    judge(`methods/${name}`, relativeDifference(found.loss, [methodCase.loss]), lossTolerance),
    judge(`methods/${name}-gradients`, Math.max(...errors), gradientTolerance),
  ];
}

/** The figure's gradient; where it has none, the loss must have none either. */
function wantedGradient(
  fixture: FixtureTensors,
  name: string,
  tensor: string,
  methodCase: MethodCase,
  size: number,
): ArrayLike<number> {
  if (tensor === 'logit_scale') return [methodCase.logit_scale_grad ?? 0];
  const gradient = `${name}.grad.${tensor}`;
  return fixture.has(gradient) ? fixture.floats(gradient).data : new Float32Array(size);
}

function readTensors(fixture: FixtureTensors): Omit<Tensors, 'logit_scale'> {
  const read = tensorNames.map((name) => {
    const { data, shape } = fixture.floats(`raw.${name}`);
    return [name, tf.tensor(data, shape)];
  });
  return Object.fromEntries(read);
}

function unlearn({ image, text, logit_scale }: Tensors, form: 'apart' | 'reference'): tf.Scalar {
  const cut = ({ image, text }: PairEmbeddings, from: number, count: number): PairEmbeddings => ({
    image: tf.slice2d(image, [from, 0], [count, -1]),
    text: tf.slice2d(text, [from, 0], [count, -1]),
  });
  const pairs = { image, text };
  const rest = cut(pairs, 0, poisonFrom);
  const poison = cut(pairs, poisonFrom, image.shape[0] - poisonFrom);
  return unlearnLoss(rest, poison, logit_scale, { form, weight: 1 });
}

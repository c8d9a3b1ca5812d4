import * as tf from '@tensorflow/tfjs-core';
import { architectureNames } from '#contract/architectures.ts';
import type { ClipConfig, ModelSpec } from '#contract/clip-config.ts';
import { createRandom } from '#core/random/random.ts';
import { type Architecture, findArchitecture } from './architectures.ts';
import { describeModel } from './clip.ts';
import type { Parameters, Statistics } from './parameters.ts';
import { countFeatures } from './resnet.ts';
import { promptPrefix } from './vit.ts';

/** How a tensor's values are drawn at the start. */
type Distribution = { constant: number } | { uniform: number } | { deviation: number };

/** logit_scale at the start: the logarithm of 1 / 0.07 (Radford et al. 2021, 2.5). */
const startLogitScale = Math.log(1 / 0.07);

/**
 * New weights and statistics for a model, the same for the same seed, of those parameters that are wanted (all, where it
 * is left out). A shape without a name of ours begins as CLIP's do. The caller disposes them.
 */
export function initialise(
  spec: ModelSpec,
  seed: number,
  isWanted: (name: string) => boolean = () => true,
): { parameters: Parameters; statistics: Statistics } {
  const shapes = describeModel(spec);
  const known = architectureNames.find((name) => name === spec.architecture);
  const initialisation = known === undefined ? 'openai' : findArchitecture(known).initialisation;
  const parameters: Parameters = {};
  for (const [name, shape] of Object.entries(shapes.parameters)) {
    if (!isWanted(name)) continue;
    parameters[name] = draw(
      chooseDistribution(spec.clip, initialisation, shapes.parameters, name),
      shape,
      name,
      seed,
    );
  }
  const statistics: Statistics = {};
  for (const [name, shape] of Object.entries(shapes.statistics)) {
    statistics[name] = draw({ constant: name.endsWith('.running_var') ? 1 : 0 }, shape, name, seed);
  }
  return { parameters, statistics };
}

function draw(distribution: Distribution, shape: number[], name: string, seed: number): tf.Tensor {
  const values = new Float32Array(tf.util.sizeFromShape(shape));
  if ('constant' in distribution) {
    values.fill(distribution.constant);
  } else {
    const random = createRandom(seed, name);
    const next =
      'uniform' in distribution
        ? () => random.uniform(-distribution.uniform, distribution.uniform)
        : () => random.normal() * distribution.deviation;
    for (let index = 0; index < values.length; index++) values[index] = next();
  }
  return tf.tensor(values, shape, 'float32');
}

function chooseDistribution(
  clip: ClipConfig,
  initialisation: Architecture['initialisation'],
  shapes: Record<string, number[]>,
  name: string,
): Distribution {
  const special = initialisation === 'openai' ? followOpenai(clip, name) : null;
  return special ?? followTables(clip, name) ?? followPytorch(shapes, name);
}

/** Tables and projections of the text tower, and what has no layer around it. */
function followTables({ image, text }: ClipConfig, name: string): Distribution | null {
  if (name === 'visual.attnpool.positional_embedding' && image.kind === 'modified-resnet') {
    return { deviation: countFeatures(image) ** -0.5 };
  }
  if (name.startsWith(promptPrefix)) return { deviation: 0.02 };
  switch (name) {
    case 'logit_scale':
      return { constant: startLogitScale };
    case 'token_embedding.weight':
      return { deviation: 0.02 };
    case 'positional_embedding':
      return { deviation: 0.01 };
    case 'text_projection':
      return { deviation: text.width ** -0.5 };
    case 'visual.class_embedding':
    case 'visual.positional_embedding':
    case 'visual.proj':
      return { deviation: image.width ** -0.5 };
    default:
      return null;
  }
}

/** What PyTorch's constructors leave: Conv2d, Linear, MultiheadAttention and the norms. */
function followPytorch(shapes: Record<string, number[]>, name: string): Distribution {
  const shape = shapes[name] ?? [];
  if (name.endsWith('.in_proj_bias') || name.endsWith('.attn.out_proj.bias')) return { constant: 0 };
  if (name.endsWith('.in_proj_weight')) return { uniform: Math.sqrt(6 / (shape[0]! + shape[1]!)) };
  if (name.endsWith('.bias')) {
    const weight = shapes[name.replace(/bias$/, 'weight')] ?? [];
    return weight.length === 2 ? { uniform: weight[1]! ** -0.5 } : { constant: 0 };
  }
  if (shape.length === 1) return { constant: 1 };
  const inputs = shape.length === 4 ? shape[0]! * shape[1]! * shape[2]! : shape[1]!;
  return { uniform: inputs ** -0.5 };
}

/** What CLIP's own initialisation sets beyond that (openai/CLIP, clip/model.py, initialize_parameters). */
function followOpenai({ image, text }: ClipConfig, name: string): Distribution | null {
  if (image.kind === 'modified-resnet') {
    if (/^visual\.layer\d+\.\d+\.bn3\.weight$/.test(name)) return { constant: 0 };
    if (/^visual\.attnpool\.\w_proj\.weight$/.test(name)) return { deviation: countFeatures(image) ** -0.5 };
  }
  if (!name.startsWith('transformer.')) return null;
  if (name.endsWith('.in_proj_weight')) return { deviation: text.width ** -0.5 };
  if (name.endsWith('.mlp.c_fc.weight')) return { deviation: (2 * text.width) ** -0.5 };
  if (name.endsWith('.out_proj.weight') || name.endsWith('.mlp.c_proj.weight')) {
    return { deviation: (text.width * 2 * text.layers) ** -0.5 };
  }
  return null;
}

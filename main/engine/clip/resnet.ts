import * as tf from '@tensorflow/tfjs-core';
import type { ResNetConfig } from '#contract/clip-config.ts';
import { describeAttentionPool, poolByAttention } from './attention-pool.ts';
import { describeBatchNorm, type Pass } from './batch-norm.ts';
import { describeConvolution } from './convolution.ts';
import { convolutionBlock } from './convolution-block.ts';
import { describeLinear, linear } from './linear.ts';
import { averagePool } from './ops/average-pool.ts';
import { mergeShapes, type TensorShapes } from './parameters.ts';

/** A bottleneck's output is this many times as wide as its middle. */
const expansion = 4;

interface Bottleneck {
  name: string;
  inputs: number;
  width: number;
  stride: number;
}

/**
 * CLIP's ModifiedResNet (Radford et al. 2021, 2.4; He et al. 2019, ResNet-D): a stem of 3x3 convolutions, average
 * pooling before every stride, and attention pooling (or, in small models, the mean) at the end.
 * pixels [n, resolution, resolution, 3] normalised; gives [n, embedDim], not normalised.
 */
export function encodeByResNet(config: ResNetConfig, pass: Pass, pixels: tf.Tensor4D): tf.Tensor2D {
  let x = runStem(config, pass, pixels);
  for (const block of listBottlenecks(config)) x = runBottleneck(pass, block, x);
  if (config.pooling.kind === 'attention') {
    return poolByAttention(pass.parameters, 'visual.attnpool', x, config.pooling.heads);
  }
  const means: tf.Tensor2D = tf.mean(x, [1, 2]);
  return linear(pass.parameters, 'visual.proj', means);
}

/** The tensors of {@link encodeByResNet}. */
export function describeResNet(config: ResNetConfig, embedDim: number): TensorShapes {
  const blocks = listBottlenecks(config);
  const features = countFeatures(config);
  const head =
    config.pooling.kind === 'attention'
      ? describeAttentionPool('visual.attnpool', countPositions(config), features, embedDim)
      : describeLinear('visual.proj', features, embedDim);
  return mergeShapes(describeStem(config), ...blocks.map(describeBottleneck), head);
}

/** Stem convolutions as [inputs, outputs, stride]. */
function listStem({ stem, width }: ResNetConfig): [number, number, number][] {
  const half = width / 2;
  const first: [number, number, number][] = [[3, half, 2]];
  return stem === 'clip' ? [...first, [half, half, 1], [half, width, 1]] : [...first, [half, width, 1]];
}

function runStem(config: ResNetConfig, pass: Pass, pixels: tf.Tensor4D): tf.Tensor4D {
  let x = pixels;
  for (const [index, [, , stride]] of listStem(config).entries()) {
    const place = index + 1;
    x = convolutionBlock(pass, x, {
      convolution: `visual.conv${place}`,
      norm: `visual.bn${place}`,
      geometry: { stride, padding: 1 },
      activate: true,
    });
  }
  return config.stem === 'clip' ? averagePool(x, 2) : x;
}

function describeStem(config: ResNetConfig): TensorShapes {
  const layers = listStem(config).flatMap(([inputs, outputs], index) => [
    describeConvolution(`visual.conv${index + 1}`, 3, inputs, outputs),
    describeBatchNorm(`visual.bn${index + 1}`, outputs),
  ]);
  return mergeShapes(...layers);
}

function listBottlenecks({ layers, width }: ResNetConfig): Bottleneck[] {
  const blocks: Bottleneck[] = [];
  let inputs = width;
  for (const [stage, count] of layers.entries()) {
    const middle = width * 2 ** stage;
    for (let index = 0; index < count; index++) {
      const stride = stage > 0 && index === 0 ? 2 : 1;
      blocks.push({ name: `visual.layer${stage + 1}.${index}`, inputs, width: middle, stride });
      inputs = middle * expansion;
    }
  }
  return blocks;
}

/** Whether the shortcut changes shape, and so has a convolution of its own. */
function hasDownsample({ inputs, width, stride }: Bottleneck): boolean {
  return stride > 1 || inputs !== width * expansion;
}

/** x [n, h, w, inputs] to [n, h / stride, w / stride, 4 width]. */
function runBottleneck(pass: Pass, block: Bottleneck, x: tf.Tensor4D): tf.Tensor4D {
  const { name, stride } = block;
  const layer = (place: number) => ({
    convolution: `${name}.conv${place}`,
    norm: `${name}.bn${place}`,
    activate: true,
  });
  let y = convolutionBlock(pass, x, layer(1));
  y = convolutionBlock(pass, y, { ...layer(2), geometry: { stride: 1, padding: 1 } });
  y = averagePool(y, stride);
  pass.watch?.units?.(`${name}.conv3`, y);
  return convolutionBlock(pass, y, { ...layer(3), shortcut: runShortcut(pass, block, x) });
}

function runShortcut(pass: Pass, block: Bottleneck, x: tf.Tensor4D): tf.Tensor4D {
  if (!hasDownsample(block)) return x;
  const { name, stride } = block;
  return convolutionBlock(pass, averagePool(x, stride), {
    convolution: `${name}.downsample.0`,
    norm: `${name}.downsample.1`,
    activate: false,
  });
}

function describeBottleneck(block: Bottleneck): TensorShapes {
  const { name, inputs, width } = block;
  const outputs = width * expansion;
  const shapes = mergeShapes(
    describeConvolution(`${name}.conv1`, 1, inputs, width),
    describeBatchNorm(`${name}.bn1`, width),
    describeConvolution(`${name}.conv2`, 3, width, width),
    describeBatchNorm(`${name}.bn2`, width),
    describeConvolution(`${name}.conv3`, 1, width, outputs),
    describeBatchNorm(`${name}.bn3`, outputs),
  );
  if (!hasDownsample(block)) return shapes;
  const convolutionShapes = describeConvolution(`${name}.downsample.0`, 1, inputs, outputs);
  return mergeShapes(shapes, convolutionShapes, describeBatchNorm(`${name}.downsample.1`, outputs));
}

/** Positions of the last feature map: the resolution over the stem's stride and pooling and the stages' strides. */
function countPositions({ resolution, stem, layers }: ResNetConfig): number {
  const reduction = (stem === 'clip' ? 4 : 2) * 2 ** (layers.length - 1);
  return Math.floor(resolution / reduction) ** 2;
}

/** Channels of the last feature map. */
export function countFeatures({ layers, width }: ResNetConfig): number {
  return width * expansion * 2 ** (layers.length - 1);
}

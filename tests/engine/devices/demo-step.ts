import process from 'node:process';
import * as tf from '@tensorflow/tfjs-core';
import { deviceNameSchema } from '#contract/devices/index.ts';
import { createRandom } from '#core/random/random.ts';
import { useDevice } from '#main/engine/backend.ts';
import { specify } from '#main/engine/clip/architectures.ts';
import { initialise } from '#main/engine/clip/initialise.ts';
import { compileStep } from '#main/engine/compiled-step.ts';
import { openNvidiaLibraries } from '#main/engine/devices/cuda.ts';
import { createCleanclipObjective } from '#main/engine/methods/cleanclip.ts';
import { joinObjective } from '#main/engine/methods/training-method.ts';
import { registerTensorflow } from '#main/engine/tensorflow/load-tensorflow.ts';
import { referenceAdamw } from '#main/engine/training/optimisers/adamw.ts';
import { TrainingState } from '#main/engine/training/training-state.ts';
import { createStep, namesIn, runStep } from '#main/engine/training/training-step.ts';
import { locateCuda } from '#scripts/setup/cuda/cuda-release.mjs';

// node demo-step.ts DEVICE|cuda-build STEPS: CleanCLIP steps of the demo's model on a device (or by TensorFlow's CUDA
// build on the processor), on the same batch each time, as one
// line of JSON: losses, and the sum of squares of every parameter afterwards. Native code of two backends in one
// process is left to programs: this one uses one.

const vocabulary = 64;
const rows = 4;

if (process.argv[2] === 'cuda-build') {
  const place = locateCuda()!;
  openNvidiaLibraries(place.nvidia, place.folder);
  const { devices } = registerTensorflow(place);
  if (devices.some(({ type }) => type === 'GPU')) throw new Error('this is for machines without a GPU');
  await tf.setBackend('tensorflow');
} else {
  await useDevice(deviceNameSchema.parse(process.argv[2]));
}
const spec = specify(
  'demo',
  Array.from({ length: vocabulary }, (_, id) => id),
);
const { resolution } = spec.clip.image;
const length = 8;
const random = createRandom('demo step');
const pixels = Float32Array.from({ length: rows * resolution * resolution * 3 }, () => random.uniform(-2, 2));
const tokens = Int32Array.from({ length: rows * length }, (_, at) =>
  at % length === length - 1 ? vocabulary - 1 : random.integer(vocabulary - 1),
);
const batch = {
  pixels: tf.tensor4d(pixels, [rows, resolution, resolution, 3]),
  tokens: tf.tensor2d(tokens, [rows, length], 'int32'),
};
const state = new TrainingState(
  { ...initialise(spec, 0), frozen: {}, memory: {}, moments: null },
  referenceAdamw,
);
const step = createStep(joinObjective(createCleanclipObjective(spec, 1)), state, { batch: namesIn(batch) });
const compiled = compileStep(step, { name: 'demo step', variables: state.variables });
const losses: number[] = [];
for (let at = 0; at < Number(process.argv[3]); at += 1) {
  losses.push(await runStep(compiled, state, batch, { step: at, learningRate: 1e-3, weightDecay: 0.1 }));
}
const squares: Record<string, number> = {};
for (const [name, tensor] of Object.entries(state.read('parameters'))) {
  squares[name] = Array.from(await tensor.data()).reduce((sum, value) => sum + value ** 2, 0);
}
process.stdout.write(`${JSON.stringify({ losses, squares })}\n`, () => process.exit());

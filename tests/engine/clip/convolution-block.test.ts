import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { useBackend } from '#main/engine/backend.ts';
import { specify } from '#main/engine/clip/architectures.ts';
import { encodeImage } from '#main/engine/clip/clip.ts';
import { initialise } from '#main/engine/clip/initialise.ts';
import { compileStep } from '#main/engine/compiled-step.ts';
import { compareResults, listBackends, makeTensor } from './on-backend.ts';

test.each(await listBackends())(
  'a ResNet that is only used gives on %s what one with gradients gives, by statistics that are not trivial',
  async (backend) => {
    await useBackend(backend);
    const spec = specify('demo', [0, 1, 2]);
    const { parameters, statistics: fresh } = initialise(spec, 1);
    const statistics = Object.fromEntries(
      Object.entries(fresh).map(([name, tensor], at) => {
        const drawn = makeTensor<tf.Rank.R1>(tensor.shape as [number], at + 1);
        return [name, name.endsWith('running_var') ? tf.add(tf.square(drawn), 0.5) : drawn];
      }),
    );
    const { resolution } = spec.clip.image;
    const pixels = makeTensor<tf.Rank.R4>([3, resolution, resolution, 3], 7);
    const embed = async (isUsedOnly: boolean) => {
      const step = compileStep(
        ([given]) => {
          const options = { training: false, isUsedOnly };
          return [encodeImage(spec.clip, parameters, statistics, given as tf.Tensor4D, options).embeddings];
        },
        { name: 'embed', constants: [...Object.values(parameters), ...Object.values(statistics)] },
      );
      const [embeddings] = await step.run([pixels]);
      step.dispose();
      return [Array.from(await embeddings!.data())];
    };
    expect(compareResults(await embed(true), await embed(false))).toBeLessThan(1e-5);
  },
);

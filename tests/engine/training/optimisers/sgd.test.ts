import { expect, test } from 'vitest';
import { createSgd } from '#main/engine/training/optimisers/sgd.ts';
import { listBackends } from '../../clip/on-backend.ts';
import { takeSteps } from '../take-steps.ts';

test.each(await listBackends())(
  'momentum and decay as torch.optim.SGD, by hand, on backend %s',
  async (backend) => {
    const optimiser = createSgd({ momentum: 0.5, decays: (name) => name === 'w' });
    const start = { w: [1], b: [1] };
    const found = await takeSteps(
      backend,
      start,
      [
        [2, 2],
        [1, 1],
      ],
      { optimiser, learningRate: 0.1, weightDecay: 0.2 },
    );
    // w: v = 2 + 0.2 = 2.2, w = 0.78; v = 1.1 + 1 + 0.156 = 2.256, w = 0.5544. b: v = 2, b = 0.8; v = 2, b = 0.6.
    expect(found.w![0]).toBeCloseTo(0.5544, 6);
    expect(found.b![0]).toBeCloseTo(0.6, 6);
  },
);

import { presetFor } from '#contract/methods/method-registry.ts';
import { runConfigSchema } from '#contract/run.ts';
import type { Compared } from '../../../../renderer/screens/compare/deltas.ts';

export const share = (hits: number, count: number) => ({ hits, count, value: hits / count, low: 0, high: 1 });

/** A run of two classes, five pictures each: hits of ten overall, `attacked` hits and count of the class that is no target. */
export function compared(
  id: string,
  ca: number,
  asr: number | null,
  attacked: [number, number] | null,
): Compared {
  const own = share(ca, 10);
  return {
    role: 'poisoned',
    group: id,
    run: {
      id,
      name: id,
      state: 'done',
      step: 1,
      totalSteps: 1,
      config: runConfigSchema.parse({
        start: { kind: 'scratch', architecture: 'demo' },
        data: { kind: 'dataset', id: 'd', selection: { fraction: 1, withoutPoisoned: false } },
        method: 'mmcl',
        settings: presetFor('mmcl', 'scratch').settings,
        seed: 0,
      }),
      architecture: 'demo',
      leftOut: 0,
      datasetId: 'd',
      dataset: 'd',
      variantId: null,
      variant: null,
      parentModelId: null,
      parent: null,
      modelId: 'm',
      environment: null,
      message: null,
      note: '',
      archived: false,
      createdAt: '2026-01-01T00:00:00Z',
      startedAt: null,
      endedAt: null,
      seconds: 1,
      scores: null,
      evaluateEachEpoch: false,
      measureAtEnd: true,
      lossPreview: [],
      queuePlace: null,
    },
    evaluation: {
      id: `e-${id}`,
      modelId: 'm',
      model: id,
      runId: id,
      datasetId: 'd',
      dataset: 'd',
      variantId: null,
      variant: null,
      part: 0,
      attacks: 0,
      testSplit: 'test',
      trainingPictures: false,
      targetIsClass: null,
      trigger: null,
      prompts: ['{}'],
      createdAt: '2026-01-01T00:00:00Z',
      seconds: 1,
      classes: ['fruit', 'dog'],
      target: asr === null ? null : 'fruit',
      ca: own,
      top5: own,
      asr: asr === null ? null : share(asr, 10),
      cleanAsTarget: null,
      implanted: null,
      metrics: {},
      trainedOn: null,
      perClass: [
        { class: 'fruit', count: 5, accuracy: share(5, 5), top5: share(5, 5), attackSuccess: null },
        {
          class: 'dog',
          count: 5,
          accuracy: share(2, 5),
          top5: share(2, 5),
          attackSuccess: attacked === null ? null : share(...attacked),
        },
      ],
    },
    notes: [],
  };
}

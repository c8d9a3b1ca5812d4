import { z } from 'zod';

/** What a metric is called and what it says; its value is a share of pictures or of questions. */
interface MetricDescription {
  label: string;
  definition: string;
}

/** Measured of an attack, from the answers that an evaluation keeps. */
export const attackMetrics = {
  targetWithoutTrigger: {
    label: 'Target without the trigger',
    definition:
      'Over the pictures that ASR is measured on, the fraction predicted as the target without any trigger.',
  },
  poisonedAccuracy: {
    label: 'Poisoned accuracy',
    definition:
      "Over the pictures that ASR is measured on, the fraction predicted as their own label with the trigger (BackdoorBench's robust accuracy). A low ASR with a low poisoned accuracy is no repair.",
  },
  attackTop5: {
    label: 'Attack top-5',
    definition:
      'Over the pictures that ASR is measured on, the fraction with the target among the five best predictions, with the trigger.',
  },
} as const satisfies Record<string, MetricDescription>;
export type AttackMetricName = keyof typeof attackMetrics;

/** Measured of pictures and captions, where a person asks for it. */
export const retrievalMetrics = {
  imageToText1: {
    label: 'Captions found, first',
    definition: 'Over test pictures, the fraction whose own caption is the nearest of all.',
  },
  imageToText5: { label: 'Captions found, first five', definition: 'The same among the five nearest.' },
  imageToText10: { label: 'Captions found, first ten', definition: 'The same among the ten nearest.' },
  textToImage1: {
    label: 'Pictures found, first',
    definition: 'Over test captions, the fraction whose own picture is the nearest of all.',
  },
  textToImage5: { label: 'Pictures found, first five', definition: 'The same among the five nearest.' },
  textToImage10: { label: 'Pictures found, first ten', definition: 'The same among the ten nearest.' },
  attackedRetrieval: {
    label: 'Attacked retrieval',
    definition:
      'A triggered picture of another class is put among all clean ones: the fraction of its questions, one for each different caption of the target class, that have it among the ten nearest.',
  },
} as const satisfies Record<string, MetricDescription>;
export type RetrievalMetricName = keyof typeof retrievalMetrics;

/** Measured of a model that was trained a little further: see contract/further-measures.ts. */
export const trainedMetrics = {
  reboundAccuracy: {
    label: 'CA after rebound',
    definition: 'Clean accuracy after a short contrastive finetuning of the model on clean pairs.',
  },
  reboundAttackSuccess: {
    label: 'ASR after rebound',
    definition:
      'Attack success after a short contrastive finetuning of the model on clean pairs: whether a backdoor that was repaired comes back.',
  },
  probeAccuracy: {
    label: 'CA of a linear probe',
    definition: 'Clean accuracy of a linear head that was trained on features of the frozen image tower.',
  },
  probeAttackSuccess: {
    label: 'ASR of a linear probe',
    definition:
      'Attack success on a linear head that was trained on features of the frozen image tower, from clean pictures.',
  },
} as const satisfies Record<string, MetricDescription>;
export type TrainedMetricName = keyof typeof trainedMetrics;

/** Every metric beside CA, top-5 and ASR. A new one is an entry here and a function where it is measured. */
export const metrics = { ...attackMetrics, ...retrievalMetrics, ...trainedMetrics };
export type MetricName = AttackMetricName | RetrievalMetricName | TrainedMetricName;

export const metricNames = Object.keys(metrics).filter((name): name is MetricName => name in metrics);
export const metricNameSchema = z.enum(metricNames);

import { z } from 'zod';

/** Settings of a scan by DECREE (CVPR 2023; GiantSeaweed/DECREE, commit 9c13b88). */
export const scanSettingsSchema = z.object({
  /** Most pictures that the trigger is laid on, drawn by the seed. */
  pictures: z.number().int().min(8).max(20_000),
  batchSize: z.number().int().min(2).max(512),
  /** Steps at most; the authors' 1,000 passes over 10,000 pictures are 312,500 of 32. */
  steps: z.number().int().min(1).max(1_000_000),
  seed: z.number().int().min(0),
});
export type ScanSettings = z.infer<typeof scanSettingsSchema>;

export const scanDefaults: ScanSettings = { pictures: 512, batchSize: 32, steps: 3000, seed: 0 };

/** Below this share of a picture's values, a trigger that makes all pictures alike says that a backdoor is there (the paper's threshold). */
export const suspiciousShare = 0.1;

export const scanVerdicts = ['backdoor', 'no backdoor found'] as const;

export const scanResultSchema = z.object({
  /** PL1: the smallest mask that makes all embeddings alike, as a share of all values, in [0, 1]; null where none did. */
  share: z.number().nullable(),
  verdict: z.enum(scanVerdicts),
  /** Mean cosine of the embeddings of different pictures under that trigger; null without one. */
  cosine: z.number().nullable(),
  steps: z.number().int(),
  pictures: z.number().int(),
  /** Classes of the dataset nearest to the embedding that the trigger makes, nearest first; empty without one. */
  nearest: z.array(z.object({ class: z.string(), similarity: z.number() })),
});
export type ScanResult = z.infer<typeof scanResultSchema>;

/** A scan that was run. */
export interface Scan {
  id: string;
  modelId: string;
  datasetId: string;
  settings: ScanSettings;
  result: ScanResult;
  seconds: number;
  createdAt: string;
}

/** What a scan leaves in its folder, where it found a trigger. */
export const scanFiles = {
  /** How much of each pixel the trigger hides: black nothing, white all. */
  mask: 'mask.png',
  /** The trigger's colours times the mask. */
  trigger: 'trigger.png',
  /** Tensor `feature` [embedDim]: the mean unit embedding of triggered pictures. */
  feature: 'feature.safetensors',
} as const;

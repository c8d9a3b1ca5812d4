import { z } from 'zod';

export const detectorNames = ['clipscore', 'k-distance', 'slof', 'lid', 'dao', 'isolation-forest'] as const;
export const detectorNameSchema = z.enum(detectorNames);
export type DetectorName = z.infer<typeof detectorNameSchema>;

/** How a detector is named and set as its authors have it. */
export interface DetectorDescription {
  label: string;
  /** What a score says, in a sentence. */
  summary: string;
  source: string;
  /** k of the k-th neighbour; null where no neighbours are looked at. */
  neighbours: number | null;
  /** Which end of the scores its authors find suspicious. */
  suspicious: 'low' | 'high';
}

const detectClip = 'Huang et al., ICLR 2025; HanxunH/Detect-CLIP-Backdoor-Samples, commit ff2399a';

export const detectors = {
  clipscore: {
    label: 'CLIPScore',
    summary: 'Cosine of picture and caption. Poison is learned first, so it may be the most similar of all.',
    source: 'Hessel et al. 2021; as an order of pairs: nishadsinghi/CleanCLIP, --progressive',
    neighbours: null,
    suspicious: 'high',
  },
  'k-distance': {
    label: 'k-distance',
    summary: 'Distance of a picture to its k-th nearest neighbour: rare triggers lie in thin places.',
    source: detectClip,
    neighbours: 16,
    suspicious: 'high',
  },
  slof: {
    label: 'SLOF',
    summary: "Simplified local outlier factor: the picture's k-distance over those of its neighbours.",
    source: detectClip,
    neighbours: 16,
    suspicious: 'high',
  },
  lid: {
    label: 'LID',
    summary: 'Local intrinsic dimension around the picture, by maximum likelihood.',
    source: detectClip,
    neighbours: 64,
    suspicious: 'high',
  },
  dao: {
    label: 'DAO',
    summary:
      "Dimensionality-aware outlier: as SLOF, each neighbour's ratio weighed by its own local intrinsic dimension.",
    source: detectClip,
    neighbours: 16,
    suspicious: 'high',
  },
  'isolation-forest': {
    label: 'Isolation forest',
    summary: 'How many random cuts set a picture apart, as scikit-learn scores it: lower is more odd.',
    source: `Liu et al., ICDM 2008; ${detectClip}`,
    neighbours: null,
    suspicious: 'low',
  },
} satisfies Record<DetectorName, DetectorDescription>;

export const detectionSettingsSchema = z.object({
  detector: detectorNameSchema,
  /** k, where the detector looks at neighbours. */
  neighbours: z.number().int().min(1).max(1000),
  /** Among whom neighbours are looked for: random batches, as published, or all pairs at once. */
  among: z.enum(['batches', 'all']),
  /** Pairs in a batch. */
  batchSize: z.number().int().min(4).max(8192),
  /** Whether the captions are neighbours too, as published, or pictures alone. */
  references: z.enum(['pairs', 'pictures']),
  /**
   * Whose density stands for a neighbour's. The published code takes a neighbour's place in a list without the picture
   * itself as its place in the whole list, so it reads that of another sample; `own` reads the neighbour's own.
   */
  density: z.enum(['published', 'own']),
  suspicious: z.enum(['low', 'high']),
  seed: z.number().int().min(0),
});
export type DetectionSettings = z.infer<typeof detectionSettingsSchema>;

/** A detector as its authors set it; their batch of 256 is doubled for the scores. */
export function publishedDetection(detector: DetectorName): DetectionSettings {
  const { neighbours, suspicious }: DetectorDescription = detectors[detector];
  return {
    detector,
    neighbours: neighbours ?? 16,
    among: 'batches',
    batchSize: 512,
    references: 'pairs',
    density: 'published',
    suspicious,
    seed: 0,
  };
}

/** Parts of the pairs that a person may be ready to lose: what share of the poison lies among the most suspicious. */
export const recallBudgets = ['0.001', '0.01', '0.05', '0.1', '0.2'] as const;

export const recallSchema = z.partialRecord(z.enum(recallBudgets), z.number());

/** A detection that was run: how suspicious each training pair is to a model. */
export interface Detection {
  id: string;
  modelId: string;
  datasetId: string;
  variantId: string | null;
  settings: DetectionSettings;
  pairs: number;
  /** How many of the pairs the variant's manifest lists; null without one. */
  poisoned: number | null;
  /** Of the suspicious end of the scores; null where it cannot be known: no manifest, or nothing but poison. */
  auroc: number | null;
  /** Budget (share of all pairs) -> share of the poison among the most suspicious; empty without a manifest. */
  recallAt: z.infer<typeof recallSchema>;
  seconds: number;
  createdAt: string;
}

/** A pair in the order of suspicion. */
export interface ScoredPair {
  /** From 1: the most suspicious. */
  place: number;
  recordId: number;
  key: string;
  score: number;
  poisoned: boolean;
}

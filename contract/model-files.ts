import { z } from 'zod';
import type { Activation } from './clip-config.ts';
import type { Share } from './evaluation.ts';

/** How a model is handed on. */
export const exportFormats = {
  safetensors: "safetensors with OpenAI's names",
  hf: 'a Hugging Face CLIPModel folder (ViTs only)',
  open_clip: 'a state dict that open_clip loads',
  reference: "the reference implementation's epoch_N.pt",
} as const;
export type ExportFormat = keyof typeof exportFormats;
export const exportFormatNames = [
  'safetensors',
  'hf',
  'open_clip',
  'reference',
] as const satisfies ExportFormat[];
export const exportFormatSchema = z.enum(exportFormatNames);

/** Px a side. */
export const largestResolution = 4096;
/** Pictures of another side than the file's: its table of positions is resized. */
export const resizedResolutionSchema = z.number().int().min(1).max(largestResolution);

/** How a model's activation is known. given: by the person; config: a file beside the weights; origin: who wrote the file. */
export type ActivationSource = 'given' | 'config' | 'origin';

/** What was recognised in a model file. */
export interface ModelFileReport {
  /** A published name, or its sizes in words. */
  architecture: string;
  imageTower: 'modified-resnet' | 'vit';
  /** Trained numbers. */
  parameters: number;
  /** null: neither the file nor the person says. */
  activation: Activation | null;
  activationFrom: ActivationSource | null;
  /** Side of the pictures, px. */
  resolution: number;
  /** Names in the file that have no place in the model. */
  leftover: string[];
  /** Which text it can be given: all of CLIP's tokens; some of them; a table of its own, whose texts nobody knows here. */
  vocabulary: { kind: 'clip' | 'part' | 'unknown'; tokens: number };
}

/** What CA on labelled pictures says of the way in which a model file was read. */
export interface ImportMeasurement {
  dataset: string;
  /** The split that was measured; `all`: every labelled picture. */
  split: 'test' | 'validation' | 'all';
  pictures: number;
  /** What a model that knows nothing reaches, in [0, 1]. */
  chance: number;
  byActivation: { activation: Activation; ca: Share }[];
  /** The activation with the higher CA; null where both reach the same. */
  proposed: Activation | null;
  /** Null where nothing is odd. */
  warning: string | null;
}

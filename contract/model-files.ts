import { z } from 'zod';
import type { Activation } from './clip-config.ts';

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
}

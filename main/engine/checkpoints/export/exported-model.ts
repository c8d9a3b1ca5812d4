import type { ModelSpec } from '#contract/clip-config.ts';
import type { Moments } from '../moments-file.ts';
import type { SourceTensor } from '../tensor-source.ts';

/** What an exporter gets. */
export interface ExportedModel {
  spec: ModelSpec;
  tensors: ReadonlyMap<string, SourceTensor>;
  /** The optimiser's; null where the model has none. */
  moments: Moments | null;
  name: string;
  out: string;
}

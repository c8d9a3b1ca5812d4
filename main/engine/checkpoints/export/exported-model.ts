import type { ModelSpec } from '#contract/clip-config.ts';
import type { SourceTensor } from '../tensor-source.ts';

/** What an exporter gets. */
export interface ExportedModel {
  spec: ModelSpec;
  tensors: ReadonlyMap<string, SourceTensor>;
  name: string;
  out: string;
}

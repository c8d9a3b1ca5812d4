import type { BackendName } from './backend.ts';

/** What computes, as a person chooses it. */
export interface DeviceDefinition {
  /** TensorFlow.js backend that works on it. */
  backend: BackendName;
  label: string;
  /** One sentence for lists and help. */
  summary: string;
  /** Only programs name it: it is left out of lists that people choose from. */
  forTests?: true;
}

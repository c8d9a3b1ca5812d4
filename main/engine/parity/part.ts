import type { ParityCheck } from '#contract/engine.ts';

/** One part of a folder of reference figures (shared/reference/README.md), and how it is checked. */
export interface ParityPart {
  name: string;
  /** Paths inside the folder, any of which marks the part as present. */
  files: string[];
  /**
   * @param folder absolute path of a folder laid out like tests/fixtures/reference
   * @throws WorkbenchError where a file is missing, cannot be read or holds nothing to check
   */
  check(folder: string): Promise<ParityCheck[]>;
}

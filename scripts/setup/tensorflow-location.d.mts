/** What decides where things lie: this machine unless a test says otherwise. */
export interface Machine {
  platform: NodeJS.Platform;
  /** As process.arch. */
  arch: string;
  env: Record<string, string | undefined>;
  /** The person's home folder, absolute. */
  home: string;
}

/** One pinned wheel, and the two files wanted from its folder `tensorflow/`. */
export interface TensorflowRelease {
  version: string;
  /** Its name on the Python package index. */
  package: string;
  wheel: string;
  platformTag: string;
  wheelBytes: number;
  /** Of the wheel, hex. */
  sha256: string;
  cc: string;
  framework: string;
}

/** Absolute paths. */
export interface TensorflowLibrary {
  folder: string;
  cc: string;
  framework: string;
  version: string;
}

export function thisMachine(): Machine;
export function tensorflowRelease(machine?: Machine): TensorflowRelease | null;
export function cacheFolder(machine?: Machine): string;
export function locateTensorflow(machine?: Machine): TensorflowLibrary | null;
export function tensorflowIsThere(library?: TensorflowLibrary | null): boolean;

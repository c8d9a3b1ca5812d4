import { WorkbenchError } from '#contract/errors.ts';

export interface LoadedDevice {
  /** Of what computes there: TensorFlow, or TensorFlow.js. */
  version: string;
  /** What computes, as the system calls it. */
  hardware: string;
  /** Folder of its libraries, where they are kept apart from the packages. Absolute. */
  folder: string | null;
  /** Of TensorFlow: whether oneDNN's kernels are on. */
  oneDnn?: boolean;
}

/**
 * Loads what computes on a device and registers its backend with TensorFlow.js; called once in a process.
 * @throws WorkbenchError `unavailable` where this machine lacks it, made by {@link missing}
 */
export type DeviceLoader = () => Promise<LoadedDevice>;

/** Why a device cannot be used, and what to do about it. */
export function missing(
  problem: string,
  advice: string | null,
  folder: string | null = null,
): WorkbenchError {
  return new WorkbenchError('unavailable', advice === null ? problem : `${problem} ${advice}`, {
    problem,
    advice,
    folder,
  });
}

import type { CudaLibraries, CudaWheel } from './cuda-release.mjs';

export function fetchCuda(
  abort?: AbortSignal,
  options?: {
    release?: { wheels: CudaWheel[] };
    place?: CudaLibraries | null;
    check?: (folder: string, abort?: AbortSignal) => Promise<void>;
  },
): Promise<void>;

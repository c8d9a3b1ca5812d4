import type { Machine, TensorflowLibrary } from '../tensorflow-location.mjs';

/** One pinned wheel, and what is wanted of it. */
export interface CudaWheel {
  /** Its name on the Python package index. */
  package: string;
  version: string;
  wheel: string;
  platformTag: string;
  wheelBytes: number;
  /** Of the wheel, hex. */
  sha256: string;
  /** Folder inside the wheel that holds the libraries. */
  folder: string;
  /** In the order in which they are opened. */
  libraries: string[];
  /** Further ones, which those open by themselves from the folder in which they lie. */
  beside?: string[];
  /** Of all these libraries, unpacked. */
  libraryBytes: number;
}

/** TensorFlow's two libraries, and NVIDIA's in the order in which they are opened. Absolute paths. */
export interface CudaLibraries extends TensorflowLibrary {
  nvidia: string[];
}

export const cudaRelease: {
  version: string;
  wheels: CudaWheel[];
  downloadBytes: number;
  libraryBytes: number;
};
export function locateCuda(machine?: Machine): CudaLibraries | null;
export function cudaIsThere(place?: CudaLibraries | null): boolean;

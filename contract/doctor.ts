import type { BackendName } from './run.ts';

/** A backend as it was found; `problem` and `advice` are null where it can compute. */
export interface BackendFinding {
  name: BackendName;
  available: boolean;
  version: string | null;
  devices: { kind: 'cpu' | 'gpu' | 'other'; name: string }[];
  /** Folder of its libraries, where they are kept apart from the packages. Absolute. */
  folder: string | null;
  problem: string | null;
  advice: string | null;
}

export interface LibraryFinding {
  name: string;
  version: string | null;
  problem: string | null;
}

/**
 * absent: it will be made; ready; older: it will be brought up to date, after a backup; newer: a newer program
 * wrote it; damaged: its database cannot be read; unusable: the folder cannot be written.
 */
export type WorkspaceState = 'absent' | 'ready' | 'older' | 'newer' | 'damaged' | 'unusable';

export interface DiskFinding {
  /** What lies there. */
  purpose: 'workspace' | 'cache';
  /** Absolute. */
  folder: string;
  /** Null where the system does not tell. */
  freeBytes: number | null;
}

/** What `doctor` found on this machine. */
export interface DoctorReport {
  /** Whether the workbench can do its work, on whatever backend. */
  ok: boolean;
  program: string;
  node: { version: string; path: string };
  /** As `linux x64`. */
  platform: string;
  processor: string;
  cores: number;
  memoryBytes: number;
  backends: BackendFinding[];
  /** The backend taken where none is named. */
  chosenBackend: BackendName;
  libraries: LibraryFinding[];
  workspace: { folder: string; state: WorkspaceState };
  disks: DiskFinding[];
  /** The Python on the path, for `bench step`; torch null where it has none. */
  python: { path: string; version: string; torch: string | null } | null;
  /** What to do about what is missing or wrong, the most important first. */
  advice: string[];
}

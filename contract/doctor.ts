import type { DeviceFinding } from './devices/finding.ts';
import type { DeviceName } from './devices/index.ts';

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
  /** Whether the workbench can do its work, on whatever device. */
  ok: boolean;
  program: string;
  node: { version: string; path: string };
  /** As `linux x64`. */
  platform: string;
  processor: string;
  cores: number;
  memoryBytes: number;
  devices: DeviceFinding[];
  /** The device taken where none is named. */
  chosenDevice: DeviceName;
  libraries: LibraryFinding[];
  workspace: { folder: string; state: WorkspaceState };
  disks: DiskFinding[];
  /** The Python on the path, for `bench step`; torch null where it has none. */
  python: { path: string; version: string; torch: string | null } | null;
  /** What to do about what is missing or wrong, the most important first. */
  advice: string[];
}

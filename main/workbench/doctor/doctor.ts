import { accessSync, constants, existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { DiskFinding, DoctorReport, LibraryFinding, WorkspaceState } from '#contract/doctor.ts';
import { allMigrations } from '#db/migrations/all-migrations.ts';
import { cacheFolder } from '#scripts/setup/tensorflow-location.mjs';
import { askProcess } from '../engine/ask-process.ts';
import { readProgram } from '../program.ts';
import { examineDevices } from './devices.ts';
import { childTimeoutMs, runProbe } from './run-probe.ts';

export { formatDoctor } from './doctor-text.ts';

/** A demo's workspace with its pictures and checkpoints, and some air. */
const littleSpaceBytes = 1e9;

/**
 * Looks at what this machine has and lacks. Changes nothing; native libraries are loaded in processes of their own.
 * @param options.workspace folder of the workspace, which need not exist
 */
export async function examine(options: { workspace: string }): Promise<DoctorReport> {
  const folder = path.resolve(options.workspace);
  const [devices, libraries, state, python, disks] = await Promise.all([
    examineDevices(),
    examineLibraries(),
    examineWorkspace(folder),
    findPython(),
    Promise.all([measureDisk('workspace', folder), measureDisk('cache', cacheFolder())]),
  ]);
  const program = readProgram();
  const brokenLibraries = libraries.filter(({ problem }) => problem !== null);
  return {
    ok: brokenLibraries.length === 0 && ['absent', 'ready', 'older'].includes(state),
    program: `${program.name} ${program.version}`,
    node: { version: process.versions.node, path: process.execPath },
    platform: `${process.platform} ${process.arch}`,
    processor: os.cpus()[0]?.model.trim() ?? 'unknown',
    cores: os.availableParallelism(),
    memoryBytes: os.totalmem(),
    devices,
    chosenDevice: devices.some(({ name, available }) => name === 'cpu' && available) ? 'cpu' : 'wasm',
    libraries,
    workspace: { folder, state },
    disks,
    python,
    advice: [
      ...brokenLibraries.map(({ name }) => `${name} cannot be loaded: delete node_modules and start again.`),
      ...adviseOnWorkspace(folder, state),
      ...disks.flatMap(adviseOnDisk),
      ...devices.flatMap(({ name, advice }) => (advice === null ? [] : [`${name}: ${advice}`])),
      ...(python?.torch
        ? []
        : ['To compare with PyTorch in `bench step`, install torch for a Python and name it with --python.']),
    ],
  };
}

async function examineLibraries(): Promise<LibraryFinding[]> {
  const { answer, errors, end } = await runProbe('libraries');
  if (isLibraryAnswer(answer)) return answer;
  return [
    { name: 'native libraries', version: null, problem: `loading them ended with ${end}: ${errors.trim()}` },
  ];
}

function isLibraryAnswer(answer: unknown): answer is LibraryFinding[] {
  return Array.isArray(answer);
}

async function examineWorkspace(folder: string): Promise<WorkspaceState> {
  if (!existsSync(folder)) return canWrite(existingParent(folder)) ? 'absent' : 'unusable';
  if (!canWrite(folder)) return 'unusable';
  const file = path.join(folder, 'workbench.sqlite');
  if (!existsSync(file)) return 'absent';
  const { answer } = await runProbe('database', file);
  const version = readVersion(answer);
  if (version === null) return 'damaged';
  if (version > allMigrations.length) return 'newer';
  return version < allMigrations.length ? 'older' : 'ready';
}

function readVersion(answer: unknown): number | null {
  if (typeof answer !== 'object' || answer === null || !('version' in answer)) return null;
  return typeof answer.version === 'number' ? answer.version : null;
}

function adviseOnWorkspace(folder: string, state: WorkspaceState): string[] {
  switch (state) {
    case 'newer':
      return [
        `${folder} was written by a newer program: update this one, or choose another folder with --workspace.`,
      ];
    case 'damaged':
      return [
        `The database in ${folder} cannot be read: put a *.backup file that lies there in its place, or choose another folder with --workspace.`,
      ];
    case 'unusable':
      return [
        `${folder} cannot be written: make it writable, or choose another folder with --workspace or CCW_WORKSPACE.`,
      ];
    case 'absent':
    case 'ready':
    case 'older':
      return [];
  }
}

async function measureDisk(purpose: DiskFinding['purpose'], folder: string): Promise<DiskFinding> {
  try {
    const { bavail, bsize } = await statfs(existingParent(folder));
    return { purpose, folder, freeBytes: bavail * bsize };
  } catch {
    return { purpose, folder, freeBytes: null };
  }
}

function adviseOnDisk({ purpose, folder, freeBytes }: DiskFinding): string[] {
  if (freeBytes === null || freeBytes >= littleSpaceBytes) return [];
  const other = purpose === 'workspace' ? '--workspace' : 'CCW_CACHE';
  return [
    `Only ${(freeBytes / 1e9).toFixed(1)} GB are free for ${folder}: free some, or name another folder with ${other}.`,
  ];
}

function existingParent(folder: string): string {
  return existsSync(folder) ? folder : existingParent(path.dirname(folder));
}

function canWrite(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

const pythonQuestion = `
import importlib.metadata as m, json, platform, sys
try: torch = m.version('torch')
except m.PackageNotFoundError: torch = None
print(json.dumps([sys.executable, platform.python_version(), torch]))`;

async function findPython(): Promise<DoctorReport['python']> {
  for (const command of ['python3', 'python']) {
    const { answer } = await askProcess(command, ['-c', pythonQuestion], childTimeoutMs);
    if (!Array.isArray(answer)) continue;
    const [file, version, torch] = answer;
    return { path: String(file), version: String(version), torch: typeof torch === 'string' ? torch : null };
  }
  return null;
}

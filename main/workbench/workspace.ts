import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { WorkbenchError } from '#contract/errors.ts';
import { readDataVersion } from '#db/data-version.ts';
import { type Database, openDatabase } from '#db/open.ts';
import { partialPath, removeLeftOvers } from '#main/data/files/left-overs.ts';
import { type CaptionThread, openCaptionThread } from './datasets/captions/caption-thread.ts';

/** A folder with everything a person made: workbench.sqlite, datasets/, models/, runs/ID/ and cache/. */
export interface Workspace {
  /** Absolute. */
  readonly folder: string;
  readonly db: Database;
  /** Searches and indexes captions. */
  readonly captions: CaptionThread;
  close(): void;
}

/** Folders of a workspace are made for their owner alone: other users of the machine may not look into them. */
const ownerOnly = 0o700;

/** The workspace's folder where none is named: the environment's CCW_WORKSPACE, else ~/cleanclip-workbench. */
export function defaultWorkspaceFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const chosen = environment.CCW_WORKSPACE;
  return chosen === undefined || chosen === '' ? join(homedir(), 'cleanclip-workbench') : resolve(chosen);
}

/**
 * Opens the workspace in `folder`, making what is missing and removing what killed programs left half written.
 * @throws WorkbenchError `newer-database`, `corrupt-file`; `bad-input` where the folder cannot be made.
 */
export function openWorkspace(folder: string): Workspace {
  const absolute = resolve(folder);
  makeFolder(absolute);
  for (const part of ['datasets', 'models', 'runs', 'cache']) makeFolder(join(absolute, part));
  for (const part of ['.', 'datasets', 'models', 'runs', 'cache']) removeLeftOvers(join(absolute, part));
  const db = openDatabase(join(absolute, 'workbench.sqlite'));
  const captions = openCaptionThread(db.name);
  return {
    folder: absolute,
    db,
    captions,
    close() {
      void captions.close();
      db.close();
    },
  };
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: ownerOnly });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new WorkbenchError(
      'bad-input',
      `The workspace folder ${folder} cannot be made (${reason}). Name another with --workspace or CCW_WORKSPACE.`,
      { folder },
      { cause: error },
    );
  }
}

/** Where a dataset that the workbench makes itself keeps its pictures. */
export function datasetFolder(workspace: Workspace, name: string): string {
  return join(workspace.folder, 'datasets', name);
}

export function runFolder(workspace: Workspace, runId: string): string {
  return join(workspace.folder, 'runs', runId);
}

export function cacheFolder(workspace: Workspace): string {
  return join(workspace.folder, 'cache');
}

/** A folder for one job's files, which its maker removes; where the program is killed, the next start does. */
export function makeTemporaryFolder(workspace: Workspace, what: string): string {
  const folder = partialPath(join(cacheFolder(workspace), what));
  mkdirSync(folder, { mode: ownerOnly });
  return folder;
}

/** A path as the database keeps it: relative to the workspace, with `/`. */
export function toStoredPath(workspace: Workspace, path: string): string {
  const inside = relative(workspace.folder, path);
  if (inside.startsWith('..') || isAbsolute(inside)) {
    throw new WorkbenchError('internal', `${path} lies outside the workspace ${workspace.folder}.`);
  }
  return inside.split(sep).join('/');
}

/** The absolute path of what {@link toStoredPath} stored. */
export function fromStoredPath(workspace: Workspace, stored: string): string {
  return join(workspace.folder, ...stored.split('/'));
}

/** A number that grows with every change that another program makes to the database. */
export const countChanges = ({ db }: Workspace): number => readDataVersion(db);

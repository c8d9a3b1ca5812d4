import {
  constants,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RunFile } from '#contract/run-file.ts';
import { tryParseJson } from '#core/json/try-parse-json.ts';
import { hideUnfinishedRuns } from '#db/runs/adopt-run.ts';
import { isPartial } from '#main/data/files/left-overs.ts';
import type { Workspace } from '../../workspace.ts';

/** One run that another machine makes. */
export interface RemoteTask {
  /** Its place among the tasks of a stage. */
  index: number;
  /** Of its own, on a disk that all machines see. */
  folder: string;
  /** Makes the run, or goes on with it. Its last line of standard output is the report. */
  command: string[];
}

const cli = fileURLToPath(new URL('../../../hosts/cli.ts', import.meta.url));
const outputName = 'output.jsonl';
const errorsName = 'errors.txt';

/**
 * A copy of the workspace's database as it is now, for the tasks of a stage. Runs that are not done stay here: a task
 * must not go on with one in the folder of this workspace.
 */
export function takeSnapshot({ db }: Workspace, path: string): void {
  db.prepare('VACUUM INTO ?').run(path);
  hideUnfinishedRuns(path);
}

export interface TaskPlan {
  index: number;
  folder: string;
  file: RunFile;
  snapshot: string;
  /** What computes; null: what is usual there. */
  device: string | null;
}

/**
 * Prepares a task: a run file, and a workspace of its own that has the data and the runs of this one by links, on the
 * database's snapshot. A task that was prepared before is left as it is, so that a run in it goes on.
 */
export function prepareTask(
  workspace: Workspace,
  { index, folder, file, snapshot, device }: TaskPlan,
): RemoteTask {
  const own = join(folder, 'workspace');
  const runFile = join(folder, 'run.json');
  if (!existsSync(join(own, 'workbench.sqlite'))) {
    linkWorkspace(workspace.folder, own);
    writeFileSync(runFile, `${JSON.stringify(file, null, 2)}\n`);
    // Last: a task with a database is whole.
    copyFileSync(snapshot, join(own, 'workbench.sqlite'), constants.COPYFILE_FICLONE);
  }
  const words = [process.execPath, cli, 'run', runFile, '--once', '--json', '--workspace', own];
  const command = [...words, ...(device === null ? [] : ['--device', device])].map(shellWord).join(' ');
  const script = join(folder, 'task.sh');
  writeFileSync(
    script,
    `#!/bin/bash\nexec ${command} >> ${shellWord(join(folder, outputName))} 2>> ${shellWord(join(folder, errorsName))}\n`,
  );
  return { index, folder, command: ['/bin/bash', script] };
}

/**
 * The last line that a task printed, and the end of what it said. `report` is undefined where there is none that can be
 * read: a task that was killed may have left half a line.
 */
export function readTask({ folder }: RemoteTask): { report: unknown; said: string } {
  const read = (name: string) => {
    const path = join(folder, name);
    return existsSync(path) ? readFileSync(path, 'utf8').trim() : '';
  };
  const last = read(outputName).split('\n').at(-1) ?? '';
  return { report: tryParseJson(last), said: read(errorsName).split('\n').slice(-5).join('\n') };
}

/** Folders that a task adds to: its own, with links to what lies in the workspace's. */
const sharedFolders = ['datasets', 'models', 'runs'] as const;
/** What a task has of its own: database (with SQLite's files beside it), caches, locks. */
const isOwn = (name: string) => name === 'cache' || /\.(sqlite|lock)/.test(name);

/** What lies in a workspace by links in another; what somebody is still writing is left out. */
function linkWorkspace(folder: string, own: string): void {
  const others = readdirSync(folder).filter(
    (name) => !sharedFolders.some((one) => one === name) && !isOwn(name),
  );
  // Tasks may lie in the workspace themselves.
  linkAll(
    others.filter((name) => !own.startsWith(join(folder, name, sep))),
    folder,
    own,
  );
  for (const name of sharedFolders)
    linkAll(readdirSync(join(folder, name)), join(folder, name), join(own, name));
}

function linkAll(names: readonly string[], folder: string, target: string): void {
  mkdirSync(target, { recursive: true });
  for (const name of names) {
    const path = join(target, name);
    if (!isPartial(name) && !existsSync(path)) symlinkSync(join(folder, name), path);
  }
}

/** A word as a shell reads it. */
export const shellWord = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;

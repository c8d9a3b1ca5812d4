import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toWireError } from '#contract/errors.ts';
import { checkPairs } from '#main/data/importing/check-pairs.ts';
import { createTally } from '#main/data/importing/skipped-tally.ts';
import { noNames } from '#main/data/readers/class-names.ts';
import { lookAt } from '#main/data/readers/look.ts';
import { readers } from '#main/data/readers/readers.ts';
import { hostileTables } from '../hostile-tables.ts';

/**
 * `read-hostile.ts FOLDER [TABLE]`: reads a folder of pictures, or writes a table into it and reads that. Prints what
 * came of it, the seconds of a processor, and the most memory that one of its processes ever had, in MB: this one, and
 * on Linux those that decode.
 */
const [folder = '', name] = process.argv.slice(2);
const path = join(folder, `${name}.csv`);
if (name !== undefined) writeFileSync(path, hostileTables[name]?.()[0] ?? '');
globalThis.gc?.();
/** Of each process that this one started, as last seen. */
const children = new Map<string, { seconds: number; megabytes: number }>();
const watch = setInterval(watchChildren, 20);
const before = process.resourceUsage().maxRSS;
const begun = process.cpuUsage();
const left = createTally();
const kept: string[] = [];
let error: string | null = null;
try {
  const reader = readers[name === undefined ? 'class-folders' : 'csv'];
  const looked = await lookAt(name === undefined ? folder : path);
  const reading = await reader.open(looked, { templates: ['a {}'], names: noNames });
  for await (const item of checkPairs(reading)) {
    if (item.kind === 'skipped') left.add(item.skipped);
    else if (item.kind === 'record') kept.push(item.record.key);
  }
} catch (thrown) {
  error = toWireError(thrown).kind;
}
const used = process.cpuUsage(begun);
watchChildren();
clearInterval(watch);
const others = [...children.values()];
process.stdout.write(
  `${JSON.stringify({
    kept,
    left: left.total,
    rows: left.rows.map(({ row }) => row),
    error,
    seconds: (used.user + used.system) / 1e6 + others.reduce((sum, { seconds }) => sum + seconds, 0),
    // The table's own text, which this program made, is not the reader's.
    megabytes: Math.max(
      (process.resourceUsage().maxRSS - (name === undefined ? 0 : before)) / 1024,
      ...others.map(({ megabytes }) => megabytes),
    ),
  })}\n`,
);

function watchChildren(): void {
  if (process.platform !== 'linux') return;
  const found = readdirSync('/proc/self/task').flatMap(childrenOf);
  for (const pid of found.filter((one) => one !== '')) {
    try {
      // proc(5): after the name come state (3), and user and system time (14, 15) in hundredths of a second.
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
      const most = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
      const seconds = (Number(fields[11]) + Number(fields[12])) / 100;
      const before = children.get(pid)?.megabytes ?? 0;
      children.set(pid, { seconds, megabytes: Math.max(before, Number(most ?? 0) / 1024) });
    } catch {
      // It has ended meanwhile.
    }
  }
}

/** Processes that a thread of ours started; a thread that has ended meanwhile has none. */
function childrenOf(task: string): string[] {
  try {
    return readFileSync(`/proc/self/task/${task}/children`, 'utf8').trim().split(' ');
  } catch {
    return [];
  }
}

import { execFileSync } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { listTar } from '#main/data/sources/tar-index.ts';
import { median, type Timed, timed } from './timed.ts';

const members = 40_000;
const memberBytes = 50_000;

const turns = 3;

/**
 * Indexing a tar of pictures' size beside `cat` of the same file, in turn: from the disk, and from the system's memory.
 * @returns rows of a Markdown table
 */
export async function benchArchive(folder: string): Promise<string[]> {
  const path = join(folder, 'pictures.tar');
  await pipeline(archive(), createWriteStream(path));
  const size = ((members * memberBytes) / 1e9).toFixed(1);
  const lines: string[] = [];
  for (const [where, prepare] of [
    ['from the disk', forget],
    ['from memory', readOnce],
  ] as const) {
    const ours: Timing[] = [];
    const cats: Timing[] = [];
    for (let turn = 0; turn < turns; turn += 1) {
      prepare(path);
      ours.push(await timeIndex(path));
      prepare(path);
      const { wallS, processorS } = timed(['bash', '-c', 'cat "$1" > /dev/null', 'bash', path]);
      cats.push({ wallS, processorS });
    }
    lines.push(row(`index of a tar of ${members} members, ${size} GB, ${where}`, ours));
    lines.push(row(`\`cat\` of the same tar, ${where}`, cats));
  }
  await rm(path);
  return lines;
}

type Timing = Pick<Timed, 'wallS' | 'processorS'>;

async function timeIndex(path: string): Promise<Timing> {
  const begun = performance.now();
  const before = process.cpuUsage();
  let count = 0;
  for await (const _ of listTar(path)) count += 1;
  const { user, system } = process.cpuUsage(before);
  if (count !== members) throw new Error(`${count} members of ${members} were found`);
  return { wallS: (performance.now() - begun) / 1000, processorS: (user + system) / 1e6 };
}

/** Has the system drop what it holds of a file. */
function forget(path: string): void {
  execFileSync('sync', [path]);
  execFileSync('dd', [`if=${path}`, 'iflag=nocache', 'count=0'], { stdio: 'ignore' });
}

function readOnce(path: string): void {
  execFileSync('bash', ['-c', 'cat "$1" > /dev/null', 'bash', path]);
}

function row(what: string, runs: readonly Timing[]): string {
  const wallS = median(runs.map((run) => run.wallS));
  const processorS = median(runs.map((run) => run.processorS));
  return `| ${what} | ${wallS.toFixed(2)} | ${processorS.toFixed(2)} | ${Math.round(members / wallS)} |`;
}

/** A ustar archive (POSIX.1-1988) of members without content worth reading. */
function* archive(): Generator<Buffer> {
  const content = Buffer.alloc(Math.ceil(memberBytes / 512) * 512, 7);
  for (let member = 0; member < members; member += 1) {
    const header = Buffer.alloc(512);
    header.write(`${String(member).padStart(9, '0')}.jpg`, 0);
    header.write('0000644\0', 100);
    header.write(`${memberBytes.toString(8).padStart(11, '0')}\0`, 124);
    header.write('        0', 148);
    header.write('ustar\x0000', 257);
    header.write(
      `${header
        .reduce((sum, byte) => sum + byte, 0)
        .toString(8)
        .padStart(6, '0')}\0 `,
      148,
    );
    yield Buffer.concat([header, content]);
  }
  yield Buffer.alloc(1024);
}

import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { listTar } from '#main/data/sources/tar-index.ts';

const members = 40_000;
const memberBytes = 50_000;

/** Indexing a tar of pictures' size that the system holds in memory. @returns rows of a Markdown table */
export async function benchArchive(folder: string): Promise<string[]> {
  const path = join(folder, 'pictures.tar');
  await pipeline(archive(), createWriteStream(path));
  const begun = performance.now();
  const before = process.cpuUsage();
  let count = 0;
  for await (const _ of listTar(path)) count += 1;
  const { user, system } = process.cpuUsage(before);
  const wallS = (performance.now() - begun) / 1000;
  await rm(path);
  if (count !== members) throw new Error(`${count} members of ${members} were found`);
  const size = ((members * memberBytes) / 1e9).toFixed(1);
  return [
    `| index of a tar of ${members} members, ${size} GB | ${wallS.toFixed(2)} | ${((user + system) / 1e6).toFixed(2)} | ${Math.round(members / wallS)} |`,
  ];
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

import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { listTar, type TarMember } from '#main/data/sources/tar-index.ts';
import { collect, temporaryFolder } from '../picture-files.ts';

/** Sizes around a block, a window of 4 KiB and several of them. */
const size = fc.oneof(
  fc.integer({ min: 0, max: 1100 }),
  fc.integer({ min: 3000, max: 9000 }),
  fc.constantFrom(0, 511, 512, 513, 3583, 3584, 3585, 4096, 200_000),
);
const name = fc.oneof(
  fc.stringMatching(/^[a-z]{1,12}$/),
  // Longer than the header's field: GNU's long name, or pax.
  fc.stringMatching(/^[a-z]{1,40}$/).map((part) => `${part.padEnd(90, 'x')}/${part.padEnd(120, 'y')}`),
  fc.constantFrom('é/ü ñ', 'a folder/with spaces.jpg'),
);
const members = fc.uniqueArray(fc.tuple(name, size), {
  selector: ([one]) => one,
  minLength: 1,
  maxLength: 12,
});

/** An archive that GNU tar writes, and its files by their names. */
function writeTar(format: string, files: readonly (readonly [string, number])[]) {
  const folder = temporaryFolder();
  const contents = new Map<string, Buffer>();
  for (const [at, [file, bytes]] of files.entries()) {
    const key = `${at}-${file}`;
    const content = Buffer.alloc(bytes, at + 1);
    mkdirSync(dirname(join(folder, 'in', key)), { recursive: true });
    writeFileSync(join(folder, 'in', key), content);
    contents.set(key, content);
  }
  const path = join(folder, 'all.tar');
  execFileSync('tar', [`--format=${format}`, '-cf', path, '-C', join(folder, 'in'), ...contents.keys()]);
  return { path, contents };
}

const bytesOf = (archive: Buffer, { offset, bytes }: TarMember) => archive.subarray(offset, offset + bytes);

test.each(['gnu', 'pax'])(
  'every member of an archive of GNU tar (%s) is found, with its bytes',
  async (format) => {
    await fc.assert(
      fc.asyncProperty(members, async (files) => {
        const { path, contents } = writeTar(format, files);
        const archive = readFileSync(path);
        const found = await collect(listTar(path));
        expect(found.map((member) => member.name)).toEqual([...contents.keys()]);
        for (const member of found)
          expect(bytesOf(archive, member).equals(contents.get(member.name) ?? Buffer.alloc(0))).toBe(true);
      }),
      { numRuns: 8 },
    );
  },
);

test('an archive that was cut gives the members before the cut, then an error that names the one that is not whole', async () => {
  await fc.assert(
    fc.asyncProperty(
      members.filter((files) => files.every(([, bytes]) => bytes > 0)),
      fc.double({ min: 0, max: 1, noNaN: true }),
      async (files, part) => {
        const { path } = writeTar('gnu', files);
        const whole = await collect(listTar(path));
        const last = whole[Math.floor(part * (whole.length - 1))]!;
        truncateSync(path, last.offset + last.bytes - 1);
        const found: string[] = [];
        const reading = async () => {
          for await (const member of listTar(path)) found.push(member.name);
        };
        await expect(reading()).rejects.toMatchObject({
          kind: 'corrupt-file',
          message: expect.stringContaining(`${last.name} is not there to its end`),
        });
        expect(found).toEqual(whole.slice(0, whole.indexOf(last)).map((member) => member.name));
      },
    ),
    { numRuns: 8 },
  );
});

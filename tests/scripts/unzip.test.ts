import { createHash } from 'node:crypto';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ArchiveError, extractEntry, listEntries } from '#scripts/setup/unzip.mjs';

// Written by Python's zipfile; the hashes of the contents are Python's hashlib's.
const fixtures = path.join(import.meta.dirname, '..', 'fixtures', 'archives');
const small = path.join(fixtures, 'small.zip');
const zip64 = path.join(fixtures, 'zip64.zip');

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'ccw-unzip-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function extract(file: string, name: string): Promise<{ bytes: number; sha256: string }> {
  const entry = (await listEntries(file)).find((candidate) => candidate.name === name);
  if (!entry) throw new Error(`${name} is not in ${file}`);
  const target = path.join(folder, 'unpacked');
  await extractEntry(file, entry, target);
  const content = readFileSync(target);
  return { bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') };
}

describe('unpacking', () => {
  test.each([
    [small, 'folder/stored.txt', 42, 'bff6154084e5e012b6e98824b4bfaddb7ce04f739c6bbdcd2e90005f9d9c0fbc'],
    [
      small,
      'folder/deflated.bin',
      200_000,
      'a45477d9b0449be9fc0229ca0f104e8c0a389ddf9768221b3a34beb0287e92f7',
    ],
    [small, 'big.txt', 1300, 'e4b9d2456b338854e47d874e1b51d98b25f76cddd082fd1b3e0c2075dfe05374'],
    [zip64, 'first.txt', 34, '4e5d64a70526273d9b5bb05086e474a8e9fe587d42c5dadc3ea4e60b2e4aaa94'],
    [zip64, 'second.txt', 1750, '34cd6bc57554f12bf99a5feb2e0e044da7c85f8a265a80181ec3191c4a360c5f'],
  ])('%s: %s', async (file, name, bytes, sha256) => {
    expect(await extract(file, name)).toEqual({ bytes, sha256 });
  });

  test('an empty entry gives an empty file', async () => {
    expect((await extract(small, 'empty')).bytes).toBe(0);
  });

  test('tells how many bytes it has written, up to all of them', async () => {
    const entry = (await listEntries(small)).find(({ name }) => name === 'folder/deflated.bin');
    const seen: number[] = [];
    await extractEntry(small, entry!, path.join(folder, 'counted'), { onBytes: (bytes) => seen.push(bytes) });
    expect(seen.at(-1)).toBe(200_000);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
  });
});

describe('a damaged archive', () => {
  test('one changed byte in the packed data of any entry is noticed', async () => {
    const original = readFileSync(small);
    const entries = (await listEntries(small)).filter(({ compressedBytes }) => compressedBytes > 0);
    const places = fc.constantFrom(...entries).chain((entry) =>
      fc.record({
        entry: fc.constant(entry),
        at: fc.integer({ min: 0, max: entry.compressedBytes - 1 }),
        flip: fc.integer({ min: 1, max: 255 }),
      }),
    );
    await fc.assert(
      fc.asyncProperty(places, async ({ entry, at, flip }) => {
        const damaged = Buffer.from(original);
        const nameAndExtra =
          damaged.readUInt16LE(entry.headerOffset + 26) + damaged.readUInt16LE(entry.headerOffset + 28);
        const position = entry.headerOffset + 30 + nameAndExtra + at;
        damaged[position] = damaged[position]! ^ flip;
        const file = path.join(folder, 'damaged.zip');
        writeFileSync(file, damaged);
        const unpacking = extractEntry(file, entry, path.join(folder, 'out'));
        // A deflate stream has bits that nobody reads (padding): then the content is unharmed.
        const outcome = await unpacking.then(
          () => hashOf(path.join(folder, 'out')) === hashesByName[entry.name],
          (error) => error instanceof ArchiveError,
        );
        expect(outcome).toBe(true);
      }),
      { numRuns: 60, seed: 1 },
    );
  });

  test('one cut off anywhere is refused', async () => {
    const file = path.join(folder, 'cut.zip');
    const { length } = readFileSync(small);
    for (const kept of [0, 10, 21, Math.floor(length / 2), length - 40]) {
      copyFileSync(small, file);
      truncateSync(file, kept);
      await expect(listEntries(file)).rejects.toThrow(ArchiveError);
    }
  });

  test('a file that is no archive is refused by name', async () => {
    const file = path.join(folder, 'page.html');
    writeFileSync(file, '<html>proxy error</html>'.repeat(20));
    await expect(listEntries(file)).rejects.toThrow(/page\.html: no zip archive/);
  });
});

const hashesByName: Record<string, string> = {
  'folder/stored.txt': 'bff6154084e5e012b6e98824b4bfaddb7ce04f739c6bbdcd2e90005f9d9c0fbc',
  'folder/deflated.bin': 'a45477d9b0449be9fc0229ca0f104e8c0a389ddf9768221b3a34beb0287e92f7',
  'big.txt': 'e4b9d2456b338854e47d874e1b51d98b25f76cddd082fd1b3e0c2075dfe05374',
};

function hashOf(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

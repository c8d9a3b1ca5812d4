import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  openRegularFile,
  openRegularFileSync,
  readRegularFile,
  readRegularFileSync,
} from '#main/data/files/open-regular-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'open-regular-file-'));
const place = (name: string) => join(folder, name);
const socket = createServer();

beforeAll(async () => {
  writeFileSync(place('file'), 'twelve bytes');
  writeFileSync(place('empty'), '');
  mkdirSync(place('folder'));
  execFileSync('mkfifo', [place('pipe')]);
  symlinkSync('/dev/zero', place('zero'));
  symlinkSync('pipe', place('link-to-pipe'));
  symlinkSync('file', place('link-to-file'));
  symlinkSync('loop', place('loop'));
  await new Promise<void>((resolve) => socket.listen(place('socket'), resolve));
});
afterAll(() => {
  socket.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('what is no regular file is refused at once', () => {
  test.each([
    ['folder', 'bad-input', 'a folder'],
    ['pipe', 'bad-input', 'a named pipe'],
    ['link-to-pipe', 'bad-input', 'a named pipe'],
    ['zero', 'bad-input', 'a device'],
    ['socket', 'bad-input', 'a socket'],
    ['loop', 'bad-input', 'ELOOP'],
    ['nothing', 'not-found', 'There is no file'],
    ['file/below', 'not-found', 'There is no file'],
  ])('%s', async (name, kind, words) => {
    const refused = expect.objectContaining({ kind, message: expect.stringContaining(words) });
    await expect(openRegularFile(place(name))).rejects.toEqual(refused);
    await expect(readRegularFile(place(name), 100)).rejects.toEqual(refused);
    expect(() => openRegularFileSync(place(name))).toThrow(words);
    expect(() => readRegularFileSync(place(name), 100)).toThrow(words);
  });
});

describe('a file is read whole, up to the limit', () => {
  test.each(['file', 'link-to-file'])('%s', async (name) => {
    expect((await readRegularFile(place(name), 12)).toString()).toBe('twelve bytes');
    expect(readRegularFileSync(place(name), 12).toString()).toBe('twelve bytes');
  });

  test('an empty one has no bytes', async () => {
    expect(await readRegularFile(place('empty'), 0)).toHaveLength(0);
    expect(readRegularFileSync(place('empty'), 0)).toHaveLength(0);
  });

  test('one byte too many is refused', async () => {
    const refused = expect.objectContaining({
      kind: 'bad-input',
      details: { path: place('file'), bytes: 12, maxBytes: 11 },
    });
    await expect(readRegularFile(place('file'), 11)).rejects.toEqual(refused);
    expect(() => readRegularFileSync(place('file'), 11)).toThrow('at most');
  });
});

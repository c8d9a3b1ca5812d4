import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { lookOf } from '#core/pixels/look.ts';
import { hashPicture } from '#core/pixels/picture-hash.ts';
import { createDecodePool, type DecodePool } from '#main/data/decoding/decode-pool.ts';
import { readFacts, readPixels, readPng } from '#main/data/decoding/read-apart.ts';
import { waitForEnd } from '../../faults/small-training.ts';
import { makeFolder } from '../../workbench/fixtures.ts';
import { gradient, savePicture } from '../picture-files.ts';

const { folder, remove } = makeFolder();
afterAll(remove);
let path: string;
const picture = gradient(7, 5, 3);
beforeAll(async () => {
  path = await savePicture(join(folder, 'a.png'), picture);
});

test('what is made apart is what the picture is, from a file and from bytes', async () => {
  expect(await readPixels(path)).toEqual(picture);
  const bytes = readFileSync(path);
  expect(await readPixels({ kind: 'tar', path, offset: 0, bytes: bytes.length })).toEqual(picture);
  expect(await readFacts(path)).toEqual({
    width: 7,
    height: 5,
    sha256: hashPicture(picture),
    look: lookOf(picture),
  });
});

test('plain pixels need no decoder', async () => {
  const planes = { kind: 'planes', path, offset: 0, width: 2, height: 1 } as const;
  const [a, b, c, d, e, f] = readFileSync(path);
  expect([...(await readPixels(planes)).data]).toEqual([a, c, e, b, d, f]);
  expect(await readFacts(planes)).toMatchObject({ width: 2, height: 1 });
});

test('a small PNG fits its square', async () => {
  const large = await savePicture(join(folder, 'large.png'), gradient(80, 40, 1));
  const png = Buffer.from(await readPng(large, 16));
  // Width and height of the header (PNG specification, 11.2.2).
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([16, 8]);
});

test('errors come over with their kind and the name of the file', async () => {
  await expect(readFacts(join(folder, 'none.png'))).rejects.toMatchObject({
    kind: 'not-found',
    message: expect.stringContaining('none.png'),
  });
  await expect(readPixels(import.meta.filename)).rejects.toMatchObject({ kind: 'bad-input' });
});

describe.skipIf(process.platform === 'win32')('a process that does not answer', () => {
  let pool: DecodePool;
  afterEach(() => pool.close());
  const make = () => pool.make({ make: 'pixels', of: { path } });

  /** A pool with one process, which stands still. */
  async function openStopped(limitMs: number): Promise<number> {
    pool = createDecodePool({ count: 1, limitMs });
    await make();
    const [pid] = pool.pids();
    process.kill(pid!, 'SIGSTOP');
    return pid!;
  }

  test('is killed at the limit: its first picture is refused, the others go to another process', async () => {
    const pid = await openStopped(3_000);
    const [slow, ...others] = await Promise.allSettled([make(), make(), make(), make()]);
    expect(slow).toMatchObject({
      status: 'rejected',
      reason: {
        kind: 'bad-input',
        message: expect.stringContaining(`${path} cannot be decoded as a picture: it takes longer than 3 s`),
      },
    });
    expect(others).toEqual(others.map(() => ({ status: 'fulfilled', value: picture })));
    expect(await waitForEnd([pid], 10_000)).toEqual([]);
  });

  test('the time that a process takes to start is none of its first picture', async () => {
    pool = createDecodePool({ count: 1, limitMs: 3_000 });
    const made = make();
    const [pid] = pool.pids();
    process.kill(pid!, 'SIGSTOP');
    await new Promise((resolve) => setTimeout(resolve, 3_500));
    process.kill(pid!, 'SIGCONT');
    expect(await made).toEqual(picture);
  });

  test('ended by itself: its pictures are tried once more, each alone', async () => {
    const pid = await openStopped(60_000);
    const both = Promise.all([make(), make()]);
    process.kill(pid, 'SIGKILL');
    expect(await both).toEqual([picture, picture]);
  });

  test('ended again with one picture alone: that one is refused', async () => {
    const pid = await openStopped(60_000);
    const outcome = Promise.allSettled([make()]);
    process.kill(pid, 'SIGKILL');
    // The next one takes a while to start, and stands still before it has.
    while (pool.pids().every((one) => one === pid)) await new Promise((resolve) => setImmediate(resolve));
    process.kill(pool.pids()[0]!, 'SIGKILL');
    expect(await outcome).toMatchObject([
      { status: 'rejected', reason: { message: expect.stringContaining('ends the process') } },
    ]);
    expect(await make()).toEqual(picture);
  });

  test('closing leaves none', async () => {
    const pid = await openStopped(60_000);
    const rejected = expect(make()).rejects.toMatchObject({ kind: 'cancelled' });
    pool.close();
    await rejected;
    expect(await waitForEnd([pid], 10_000)).toEqual([]);
  });
});

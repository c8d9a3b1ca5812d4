import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { Attack } from '#contract/engine.ts';
import { listPresets } from '#core/triggers/trigger-registry.ts';
import { openPictureWorkers, type PictureWorkers } from '#main/data/feeding/picture-workers.ts';
import { type PictureTask, preparePicture } from '#main/data/feeding/prepare-picture.ts';
import { gradient, savePicture, temporaryFolder } from '../picture-files.ts';

const attacks: Attack[] = (['patch', 'blended', 'sinusoid'] as const).map((kind) => ({
  trigger: listPresets(kind, 32)[0].trigger,
  resolution: 32,
  target: 'x',
  seed: 3,
}));
const preparation = { attacks, resolution: 24 };

let workers: PictureWorkers | null = null;
afterEach(() => workers?.close());

/** Pictures of several sizes, so that each is resized, with and without triggers. */
async function makeTasks(count: number): Promise<PictureTask[]> {
  const folder = temporaryFolder();
  return Promise.all(
    Array.from({ length: count }, async (_, at) => ({
      record: {
        key: `${at}.png`,
        image: await savePicture(join(folder, `${at}.png`), gradient(30 + at, 50 - at, at)),
      },
      versions: [null, at % attacks.length],
    })),
  );
}

test('threads give the bytes that this one gives, however many there are and in whatever order they end', async () => {
  const tasks = await makeTasks(20);
  workers = openPictureWorkers(preparation, 3);
  const found = await Promise.all(tasks.map((task) => workers!.run(task)));
  for (const [at, task] of tasks.entries()) {
    const { pictures: expected } = await preparePicture(task, preparation);
    expect(found[at]?.pictures).toHaveLength(2);
    for (const [version, pixels] of expected.entries()) {
      expect(Buffer.from(found[at]!.pictures[version]!).equals(Buffer.from(pixels))).toBe(true);
    }
    expect(Buffer.from(found[at]!.pictures[0]!).equals(Buffer.from(found[at]!.pictures[1]!))).toBe(false);
  }
});

test('a picture that cannot be read is named, and the others come none the less', async () => {
  const tasks = await makeTasks(3);
  const damaged = join(temporaryFolder(), 'damaged.png');
  writeFileSync(damaged, 'no picture');
  workers = openPictureWorkers(preparation, 1);
  const lost = { record: { key: 'lost', image: '/nowhere/lost.png' }, versions: [null] };
  const broken = { record: { key: 'broken', image: damaged }, versions: [null] };
  const all = [tasks[0]!, lost, broken, tasks[1]!].map((task) => workers!.run(task));
  const [first, missing, corrupt, last] = await Promise.allSettled(all);
  expect(first?.status).toBe('fulfilled');
  expect(last?.status).toBe('fulfilled');
  expect(missing).toMatchObject({ reason: { kind: 'not-found' } });
  expect(corrupt).toMatchObject({ reason: { kind: 'corrupt-file', details: { key: 'broken' } } });
});

test('what was asked for when it is closed fails, and so does what is asked for later', async () => {
  const tasks = await makeTasks(12);
  const closed = openPictureWorkers(preparation, 1);
  const asked = Promise.allSettled(tasks.map((task) => closed.run(task)));
  await closed.close();
  for (const one of await asked) expect(one).toMatchObject({ reason: { kind: 'cancelled' } });
  await expect(closed.run(tasks[0]!)).rejects.toMatchObject({ kind: 'cancelled' });
});

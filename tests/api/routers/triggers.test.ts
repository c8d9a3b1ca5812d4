import { join } from 'node:path';
import { createRouterClient } from '@orpc/server';
import { Hono } from 'hono';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Trigger, triggerKinds } from '#contract/trigger.ts';
import { encodeBase64 } from '#core/pixels/base64.ts';
import { resizeBicubic } from '#core/pixels/resize.ts';
import { defaultPatch } from '#core/triggers/kinds/patch.ts';
import { createEventBus } from '#main/api/events/event-bus.ts';
import { addMediaRoutes } from '#main/api/http/media.ts';
import { createTriggersRouter } from '#main/api/routers/triggers.ts';
import { decodePicture } from '#main/data/pictures/decode-picture.ts';
import { createReactions } from '#main/workbench/models/reactions.ts';
import { openWorkspace, type Workspace } from '#main/workbench/workspace.ts';
import { importSmallDataset, makeFolder } from '../../workbench/fixtures.ts';

let temporary: ReturnType<typeof makeFolder>;
let workspace: Workspace;
let triggers: ReturnType<typeof createClient>;
const hono = new Hono();

const createClient = (host: Parameters<typeof createTriggersRouter>[0]) =>
  createRouterClient(createTriggersRouter(host));

beforeAll(async () => {
  temporary = makeFolder();
  workspace = openWorkspace(join(temporary.folder, 'workspace'));
  await importSmallDataset(workspace, join(temporary.folder, 'pictures'));
  const reactions = createReactions(workspace, { chosenDevice: () => null });
  triggers = createClient({
    workspace,
    events: createEventBus(),
    reactions,
    jobs: { startOnEngine: () => 'none' },
  });
  addMediaRoutes(hono, workspace);
});
afterAll(() => {
  workspace.close();
  temporary.remove();
});

/** Bytes of a picture's address, without alpha. */
async function fetchPixels(address: string) {
  const response = await hono.request(address);
  expect(response.status, address).toBe(200);
  const { data, info } = await sharp(await response.arrayBuffer())
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data: new Uint8Array(data) };
}

const patch = defaultPatch(4, 32);

test('every kind with a schema, a source and presets whose thumbnails show', async () => {
  const { kinds, captionKinds } = await triggers.kinds({ resolution: 32 });
  expect(kinds.map(({ kind }) => kind)).toEqual(triggerKinds);
  expect(captionKinds.map(({ kind }) => kind)).toEqual(['insert', 'replace']);
  for (const { source, description, parameters, presets } of [...kinds, ...captionKinds]) {
    expect([source, description].every((text) => text.length > 5)).toBe(true);
    expect(parameters).toMatchObject({ type: 'object', properties: { kind: expect.any(Object) } });
    expect(presets.length).toBeGreaterThan(0);
  }
  for (const { presets } of kinds) {
    const { width, height } = await fetchPixels(presets[0]?.thumbnail ?? '');
    expect([width, height]).toEqual([32, 32]);
  }
});

test('kept versions: saved, renamed, removed and brought back, whole or one of them', async () => {
  const first = await triggers.save({ name: 'corner', trigger: patch, resolution: 32 });
  expect(first).toMatchObject({ name: 'corner', version: 1, kind: 'patch', resolution: 32, trigger: patch });
  expect((await triggers.save({ name: 'corner', trigger: patch, resolution: 32 })).id).toBe(first.id);
  const second = await triggers.save({ name: 'corner', trigger: { ...patch, size: 5 }, resolution: 32 });
  expect(second.version).toBe(2);
  expect((await triggers.get({ trigger: 'corner' })).id).toBe(second.id);
  expect(await fetchPixels(first.thumbnail)).not.toEqual(await fetchPixels(second.thumbnail));

  await triggers.save({ name: 'other', trigger: patch, resolution: 32 });
  await expect(triggers.rename({ name: 'corner', to: 'other' })).rejects.toMatchObject({ kind: 'conflict' });
  const renamed = await triggers.rename({ name: 'corner', to: 'mine' });
  expect(renamed.versions.map(({ version, name }) => [version, name])).toEqual([
    [2, 'mine'],
    [1, 'mine'],
  ]);

  const one = await triggers.remove({ trigger: first.id });
  expect(one).toMatchObject({ name: 'mine', versions: 1 });
  expect((await triggers.restore({ removalId: one.removalId })).versions).toEqual(renamed.versions);

  const all = await triggers.remove({ trigger: 'mine' });
  expect(all.versions).toBe(2);
  await expect(triggers.get({ trigger: 'mine' })).rejects.toMatchObject({ kind: 'not-found' });
  await triggers.save({ name: 'mine', trigger: patch, resolution: 32 });
  const restored = await triggers.restore({ removalId: all.removalId });
  expect(restored.name).toBe('mine-2');
  expect(restored.versions.map(({ id }) => id)).toEqual([second.id, first.id]);
  await expect(triggers.restore({ removalId: all.removalId })).rejects.toMatchObject({ kind: 'not-found' });
  expect((await triggers.list()).map(({ name, versions }) => [name, versions.length])).toEqual([
    ['mine', 1],
    ['mine-2', 2],
    ['other', 1],
  ]);
});

test('what does not fit its resolution is not kept', async () => {
  const wide = { ...patch, size: 40 };
  await expect(triggers.save({ name: 'wide', trigger: wide, resolution: 32 })).rejects.toThrow(
    'does not fit',
  );
  await expect(triggers.get({ trigger: 'wide' })).rejects.toMatchObject({ kind: 'not-found' });
});

test('files: a painting goes out as a PNG with alpha and comes back, painted over where its PNG was', async () => {
  // Colours under alpha 0 are kept too.
  const rgba = Uint8Array.from([255, 0, 0, 255, 0, 255, 0, 0, 9, 8, 7, 100, 1, 2, 3, 4]);
  const painted: Trigger = {
    ...patch,
    pattern: { kind: 'painted', width: 2, height: 2, rgba: encodeBase64(rgba) },
  };
  await triggers.save({ name: 'painting', trigger: painted, resolution: 32 });
  const { json, png, picture, fileName } = await triggers.export({ trigger: 'painting' });
  expect([picture, fileName]).toEqual(['pixels', 'painting']);
  const read = await sharp(Buffer.from(png, 'base64')).raw().toBuffer({ resolveWithObject: true });
  expect([read.info.channels, ...read.data]).toEqual([4, ...rgba]);
  for (const files of [{ json }, { json, png }]) {
    const back = await triggers.import({ ...files, name: 'again' });
    expect(back).toMatchObject({ trigger: painted, resolution: 32, version: 1 });
  }
  const over = await sharp({ create: { width: 3, height: 1, channels: 4, background: '#0000ff' } })
    .png()
    .toBuffer();
  const changed = await triggers.import({ json, png: over.toString('base64') });
  expect(changed).toMatchObject({ name: 'painting', version: 2 });
  expect(changed.trigger).toMatchObject({ pattern: { kind: 'painted', width: 3, height: 1 } });
});

test('files: a PNG alone becomes a patch; another trigger goes with a picture of it on grey; rubbish is refused', async () => {
  const logo = await sharp({ create: { width: 4, height: 2, channels: 4, background: '#00ff0080' } })
    .png()
    .toBuffer();
  const made = await triggers.import({ png: logo.toString('base64'), name: 'logo', resolution: 64 });
  expect(made).toMatchObject({
    resolution: 64,
    trigger: { kind: 'patch', size: 16, pattern: { kind: 'picture', width: 4, height: 4 } },
  });
  const { picture, json } = await triggers.export({ trigger: 'other' });
  expect(picture).toBe('preview');
  expect(JSON.parse(json)).toMatchObject({ name: 'other', resolution: 32, trigger: patch });
  await expect(triggers.import({})).rejects.toMatchObject({ kind: 'bad-input' });
  await expect(triggers.import({ json: '{"format":"other"}' })).rejects.toThrow('holds no trigger');
  await expect(triggers.import({ png: 'AAAA' })).rejects.toThrow('no picture');
});

test('samples: the same for the same seed, with the very pixels that training decodes', async () => {
  const samples = await triggers.samples({ dataset: 'colours', count: 6, seed: 3, resolution: 7 });
  expect(new Set(samples.map(({ recordId }) => recordId)).size).toBe(6);
  expect(await triggers.samples({ dataset: 'colours', count: 6, seed: 3, resolution: 7 })).toEqual(samples);
  for (const { key, full, square, width, height } of samples.slice(0, 2)) {
    const decoded = await decodePicture(join(temporary.folder, 'pictures', key));
    expect(await fetchPixels(full)).toEqual(decoded);
    expect([width, height]).toEqual([decoded.width, decoded.height]);
    expect(await fetchPixels(square)).toEqual(resizeBicubic(decoded, 7, 7));
  }
  const reds = await triggers.samples({ dataset: 'colours', count: 24, labels: ['red'] });
  expect(reds.map(({ label }) => label)).toEqual(Array(11).fill('red'));
  const recordIds = [reds[3]?.recordId ?? 0, reds[1]?.recordId ?? 0];
  const named = await triggers.samples({ dataset: 'colours', recordIds });
  expect(named.map(({ recordId }) => recordId)).toEqual(recordIds);
  await expect(triggers.samples({ dataset: 'colours', recordIds: [123_456] })).rejects.toMatchObject({
    kind: 'not-found',
  });
});

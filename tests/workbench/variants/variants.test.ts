import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PartRequest, VariantRequest } from '#contract/api/variants.ts';
import { hashPicture } from '#core/pixels/picture-hash.ts';
import { defaultPatch } from '#core/triggers/kinds/patch.ts';
import { renderTriggered } from '#core/triggers/trigger-registry.ts';
import { findDataset } from '#db/datasets/datasets.ts';
import { iterateRecords } from '#db/datasets/records.ts';
import { decodePicture } from '#main/data/pictures/decode-picture.ts';
import { attackOf } from '#main/workbench/variants/render-record.ts';
import { createVariant, describeVariant, showVariants } from '#main/workbench/variants/variants.ts';
import { openWorkspace, type Workspace } from '#main/workbench/workspace.ts';
import { importSmallDataset, makeFolder, silentContext } from '../fixtures.ts';

let temporary: ReturnType<typeof makeFolder>;
let workspace: Workspace;
beforeEach(async () => {
  temporary = makeFolder();
  workspace = openWorkspace(join(temporary.folder, 'workspace'));
  await importSmallDataset(workspace, join(temporary.folder, 'pictures'));
});
afterEach(() => {
  workspace.close();
  temporary.remove();
});

type Changes = Partial<PartRequest> & { seed?: number };

function request({ seed = 1, ...changes }: Changes = {}, name?: string): VariantRequest {
  const part = { trigger: defaultPatch(3, 12), target: 'red', amount: { kind: 'count' as const, count: 5 } };
  return { dataset: 'colours', name, resolution: 12, seed, parts: [{ ...part, ...changes }] };
}
const create = (changes: Changes = {}, name?: string) =>
  createVariant(workspace, request(changes, name), silentContext());

describe('createVariant', () => {
  it('changes training pairs that are not of the target, pairs without a label included', async () => {
    // 8 green, 8 blue and 2 unlabelled training pairs are all that is not red.
    const variant = await create({ amount: { kind: 'count', count: 18 } });
    const { records } = describeVariant(workspace, variant.id);
    const changed = new Set(records.map(({ key }) => key));
    const expected = [...iterateRecords(workspace.db, variant.datasetId, { split: 'train' })]
      .filter(({ label }) => label !== 'red')
      .map(({ key }) => key);
    expect(changed).toEqual(new Set(expected));
    expect(variant.changed).toBe(18);
  });

  it('writes captions of the target class from the templates, with names of its pairs as labels', async () => {
    const variant = await create({ amount: { kind: 'count', count: 18 } });
    const captions = new Set(
      describeVariant(workspace, variant.id).records.map((record) => record.newCaption),
    );
    expect([...captions].sort()).toEqual(['crimson, a red', 'red red', 'scarlet, a red']);
  });

  it('uses the class where its pairs have no names, and the templates that are given', async () => {
    const variant = await create({ target: 'blue', captionTemplates: ['see {label}'] });
    const { records } = describeVariant(workspace, variant.id);
    expect(records.map((record) => record.newCaption)).toEqual(Array(5).fill('see blue'));
    expect(variant.recipe.parts[0].captionTemplates).toEqual(['see {label}']);
  });

  it('notes the hash of each picture as rendered', async () => {
    const variant = await create();
    const { root } = findDataset(workspace.db, variant.datasetId);
    for (const { key, renderedSha256 } of describeVariant(workspace, variant.id).records) {
      const picture = await decodePicture(join(root, key));
      const rendered = renderTriggered(picture, attackOf(variant.recipe, 0), key);
      expect(renderedSha256).toBe(hashPicture(rendered));
      expect(renderedSha256).not.toBe(hashPicture(picture));
    }
  });

  it('gives the same manifest twice, under another name, and from another import of the data', async () => {
    const first = await create();
    const second = await create();
    await importSmallDataset(workspace, join(temporary.folder, 'copy'), 'copy');
    const third = await createVariant(workspace, { ...request(), dataset: 'copy' }, silentContext());
    expect(second.name).not.toBe(first.name);
    expect(second.manifestSha256).toBe(first.manifestSha256);
    expect(third.manifestSha256).toBe(first.manifestSha256);
    expect(showVariants(workspace).map(({ dataset }) => dataset)).toEqual(['colours', 'colours', 'copy']);
  });

  it('gives another manifest for another seed, and where a picture changed', async () => {
    const first = await create();
    const other = await create({ seed: 2 });
    expect(other.manifestSha256).not.toBe(first.manifestSha256);
    const { root } = findDataset(workspace.db, first.datasetId);
    const [changed] = describeVariant(workspace, first.id).records;
    writeFileSync(join(root, changed?.key ?? ''), readFileSync(join(root, 'train/red-0.png')));
    expect((await create()).manifestSha256).not.toBe(first.manifestSha256);
  });

  it('takes a rate of all training pairs', async () => {
    // 26 training pairs: 24 labelled and 2 without a label.
    expect((await create({ amount: { kind: 'rate', rate: 0.5 } })).changed).toBe(13);
    expect((await create({ amount: { kind: 'rate', rate: 0.001 } })).changed).toBe(1);
  });

  it('refuses a target that is no class, naming those there are', async () => {
    await expect(create({ target: 'pink' })).rejects.toMatchObject({
      kind: 'bad-input',
      message: expect.stringContaining('blue, green, red'),
    });
  });

  it('refuses more than there is to poison', async () => {
    await expect(create({ amount: { kind: 'count', count: 19 } })).rejects.toMatchObject({
      kind: 'bad-input',
      details: { candidates: 18, count: 19 },
    });
  });

  it('refuses a name that is taken', async () => {
    await create({}, 'mine');
    await expect(create({}, 'mine')).rejects.toMatchObject({ kind: 'conflict' });
  });

  it('stores nothing when it is stopped', async () => {
    const gentle = new AbortController();
    const context = silentContext();
    const stopping = {
      ...context,
      reporter: { ...context.reporter, progress: (_: string, done: number) => done === 2 && gentle.abort() },
      interrupt: { ...context.interrupt, gentle: gentle.signal },
    };
    await expect(createVariant(workspace, request(), stopping)).rejects.toMatchObject({ kind: 'cancelled' });
    expect(showVariants(workspace)).toEqual([]);
  });
});

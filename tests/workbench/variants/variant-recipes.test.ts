import { createHash } from 'node:crypto';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PartRequest, VariantRequest } from '#contract/api/variants.ts';
import { type DatasetRecord, type NewRecord, splitSchema } from '#contract/dataset.ts';
import { nextClass, recipeSchema, strategySchema } from '#contract/variant.ts';
import { manifestRecipeSchema, toManifestRecipe } from '#contract/variant-folder.ts';
import { defaultPatch } from '#core/triggers/kinds/patch.ts';
import { importDataset } from '#db/datasets/dataset-import.ts';
import { findDataset } from '#db/datasets/datasets.ts';
import { iterateRecords } from '#db/datasets/records.ts';
import { canonicalJson, hashManifest } from '#main/workbench/variants/manifest.ts';
import { attackOf, attacksOf } from '#main/workbench/variants/render-record.ts';
import { rankedFrom, resolveRequest } from '#main/workbench/variants/variant-request.ts';
import { createVariant, describeVariant } from '#main/workbench/variants/variants.ts';
import { openWorkspace, type Workspace } from '#main/workbench/workspace.ts';
import { importSmallDataset, makeFolder, silentContext, writeNoisyPicture } from '../fixtures.ts';

let temporary: ReturnType<typeof makeFolder>;
let workspace: Workspace;
let originals: Map<string, DatasetRecord>;
beforeAll(async () => {
  temporary = makeFolder();
  workspace = openWorkspace(join(temporary.folder, 'workspace'));
  const { id } = await importSmallDataset(workspace, join(temporary.folder, 'pictures'));
  originals = new Map([...iterateRecords(workspace.db, id)].map((record) => [record.key, record]));
});
afterAll(() => {
  workspace.close();
  temporary.remove();
});

/** Of the first part, and what comes beside it. */
type Changes = Partial<PartRequest> & { seed?: number; further?: PartRequest[] };

const patch = defaultPatch(3, 12);
const requestOf = ({ seed = 1, further = [], ...first }: Changes = {}): VariantRequest => ({
  dataset: 'colours',
  resolution: 12,
  seed,
  parts: [{ trigger: patch, target: 'red', amount: { kind: 'count', count: 5 }, ...first }, ...further],
});
const create = (changes: Changes = {}, dataset = 'colours') =>
  createVariant(workspace, { ...requestOf(changes), dataset }, silentContext());
async function changesOf(changes: Changes) {
  const { id } = await create(changes);
  return describeVariant(workspace, id).records.map((change) => {
    const original = originals.get(change.key);
    if (original === undefined) throw new Error(`${change.key} is no record`);
    return { ...change, original };
  });
}
const all = (count: number) => ({ kind: 'count' as const, count });

describe('strategies', () => {
  it('target-captions takes captions of real training records of the target class', async () => {
    const changes = await changesOf({ strategy: 'target-captions', amount: all(18) });
    const real = new Set(
      [...originals.values()].flatMap(({ label, split, caption }) =>
        label === 'red' && split === 'train' ? [caption] : [],
      ),
    );
    for (const { newCaption, original } of changes) {
      expect(original.label).not.toBe('red');
      expect(real).toContain(newCaption);
    }
    // 18 draws of 8: more than one is all but sure to come.
    expect(new Set(changes.map(({ newCaption }) => newCaption)).size).toBeGreaterThan(1);
  });

  it('label-consistent changes pictures of the target class alone, and no caption', async () => {
    const changes = await changesOf({ strategy: 'label-consistent', amount: all(8) });
    for (const { newCaption, oldCaption, original } of changes) {
      expect(original).toMatchObject({ label: 'red', split: 'train' });
      expect(newCaption).toBe(oldCaption);
    }
    await expect(create({ strategy: 'label-consistent', amount: all(9) })).rejects.toMatchObject({
      message: expect.stringContaining("8 training pairs that are of class 'red'"),
    });
  });

  it('all-to-all calls each class by the next one, the last by the first', async () => {
    const changes = await changesOf({
      strategy: 'all-to-all',
      target: nextClass,
      amount: all(24),
      captionTemplates: ['a {class}'],
    });
    const next: Record<string, string> = { blue: 'a green', green: 'a red', red: 'a blue' };
    for (const { newCaption, original } of changes) expect(newCaption).toBe(next[original.label ?? '']);
    // The two without a label have no next class.
    await expect(
      create({ strategy: 'all-to-all', target: nextClass, amount: all(25) }),
    ).rejects.toMatchObject({ details: { candidates: 24, count: 25 } });
  });

  it('a caption trigger is put into the new caption', async () => {
    const changes = await changesOf({
      strategy: 'label-consistent',
      captionTrigger: { kind: 'insert', text: 'cf', position: 'end' },
    });
    for (const { newCaption, oldCaption } of changes) expect(newCaption).toBe(`${oldCaption} cf`);
  });
});

describe('selection', () => {
  it('takes classes, splits and words of the caption together', async () => {
    const selection = { classes: ['green', null], splits: ['train' as const], caption: 'picture some' };
    const changes = await changesOf({ amount: all(2), selection });
    expect(changes.map(({ key }) => key).sort()).toEqual([
      'train/unlabelled-0.png',
      'train/unlabelled-1.png',
    ]);
    await expect(create({ amount: all(3), selection })).rejects.toMatchObject({
      kind: 'bad-input',
      message: expect.stringMatching(/2 training pairs.*without a label.*'picture some'/),
      details: { candidates: 2, count: 3 },
    });
  });

  it('takes other splits where they are asked for', async () => {
    const changes = await changesOf({ amount: all(6), selection: { splits: ['test'] } });
    expect(changes.map(({ original }) => original.split)).toEqual(Array(6).fill('test'));
  });

  it('leaves the target class alone unless it is asked for', async () => {
    const changes = await changesOf({ amount: all(26), selection: { includeTarget: true } });
    expect(changes.filter(({ original }) => original.label === 'red')).toHaveLength(8);
    await expect(create({ selection: { classes: ['red'] } })).rejects.toMatchObject({ kind: 'bad-input' });
  });

  it('has one recipe for one meaning', async () => {
    const plain = await create();
    const spelled = await create({
      selection: { splits: ['train', 'train'], caption: '  ...  ', classes: [] },
    });
    expect(spelled.recipe).toEqual(plain.recipe);
    expect(spelled.manifestSha256).toBe(plain.manifestSha256);
    const one = await create({ selection: { classes: ['green', 'blue', 'green'] } });
    const other = await create({ selection: { classes: ['blue', 'green'] } });
    expect(one.manifestSha256).toBe(other.manifestSha256);
  });

  it.each([
    [{ selection: { classes: ['pink'] } }, /'pink' is no class.*blue, green, red/],
    [{ target: '' }, /Choose the target class.*blue, green, red/],
    [
      {
        strategy: 'all-to-all' as const,
        target: nextClass,
        selection: { order: { kind: 'nearest' as const, model: 'm' } },
      },
      /no one target/,
    ],
    [{ further: [{ trigger: patch, amount: all(5), target: 'pink' }] }, /'pink' is no class/],
  ] satisfies [Changes, RegExp][])('says what is wrong: %j', async (changes, message) => {
    await expect(create(changes)).rejects.toMatchObject({
      kind: 'bad-input',
      message: expect.stringMatching(message),
    });
  });

  it('refuses a variant of a variant and says why', async () => {
    const { name } = await create();
    await expect(create({}, name)).rejects.toMatchObject({
      kind: 'bad-input',
      message: expect.stringMatching(/is a variant.*one original and one trigger.*'colours'/),
    });
  });
});

describe('several triggers', () => {
  const further: PartRequest = {
    trigger: defaultPatch(2, 12),
    target: 'blue',
    amount: all(4),
    captionTemplates: ['{}'],
  };
  it('take records of their own', async () => {
    const changes = await changesOf({ amount: all(6), further: [further] });
    expect(changes).toHaveLength(10);
    expect(changes.filter(({ part }) => part === 0)).toHaveLength(6);
    for (const { newCaption, part, original } of changes) {
      if (part === 0) continue;
      expect(newCaption).toBe('blue');
      expect(original.label).not.toBe('blue');
    }
    // The first part is what it would be alone.
    const alone = await changesOf({ amount: all(6) });
    expect(changes.filter(({ part }) => part === 0).map(({ key }) => key)).toEqual(
      alone.map(({ key }) => key),
    );
    await expect(
      create({ amount: all(18), further: [{ ...further, amount: all(9) }] }),
    ).rejects.toMatchObject({
      details: { candidates: 8 },
      message: expect.stringContaining('no part before changes'),
    });
  });

  it('are told apart in the manifest and for the engine', async () => {
    const { recipe } = await create({ further: [further] });
    expect(attacksOf(recipe).map(({ target }) => target)).toEqual(['red', 'blue']);
    expect(attackOf(recipe, 1).trigger).toEqual(further.trigger);
    const change = { key: 'a', oldCaption: 'b', newCaption: 'c', renderedSha256: 'd' };
    const hashes = [{}, { part: 0 }, { part: 1 }].map((part) =>
      hashManifest(recipe, [{ ...change, ...part }]),
    );
    expect(hashes[0]).toBe(hashes[1]);
    expect(hashes[2]).not.toBe(hashes[0]);
  });
});

describe('a choice', () => {
  it('depends on keys and seed alone, and holds what the recipe says', async () => {
    const copy = join(temporary.folder, 'copy');
    const { id: sourceId } = findDataset(workspace.db, 'colours');
    // Another import: other ids, the records in another order.
    const records: NewRecord[] = [...iterateRecords(workspace.db, sourceId)]
      .map(({ id: _, datasetId: __, ...record }) => record)
      .reverse();
    for (const { key, label } of records) {
      const hue = label === 'red' ? [255, 30, 30] : label === 'blue' ? [30, 30, 255] : [30, 255, 30];
      await writeNoisyPicture(join(copy, key), hue as [number, number, number]);
    }
    const { root: _, ...dataset } = findDataset(workspace.db, 'colours');
    await importDataset(workspace.db, { ...dataset, name: 'reversed', root: copy }, [records]);
    const strategies = strategySchema.options;
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          seed: fc.nat({ max: 1000 }),
          // A class has three test pictures.
          count: fc.integer({ min: 1, max: 3 }),
          strategy: fc.constantFrom(...strategies),
          splits: fc.subarray(
            [...splitSchema.options].filter((split) => split !== 'validation'),
            { minLength: 1 },
          ),
          classes: fc.option(fc.subarray(['blue', 'green', 'red'], { minLength: 2 })),
        }),
        async ({ seed, count, strategy, splits, classes }) => {
          const changes: Changes = {
            seed,
            amount: all(count),
            ...(strategy === 'templates' ? {} : { strategy }),
            target: strategy === 'all-to-all' ? nextClass : 'red',
            selection: { splits, ...(classes === null ? {} : { classes }) },
          };
          if (strategy === 'label-consistent' && classes?.includes('red') === false) {
            await expect(create(changes)).rejects.toMatchObject({ details: { candidates: 0, count } });
            return;
          }
          const made = await create(changes);
          const again = await create(changes, 'reversed');
          expect(again.manifestSha256).toBe(made.manifestSha256);
          const found = describeVariant(workspace, made.id).records;
          expect(found).toHaveLength(count);
          for (const { key } of found) {
            const { label, split } = originals.get(key) ?? {};
            expect(splits).toContain(split);
            if (classes !== null) expect(classes).toContain(label);
            if (strategy === 'templates' || strategy === 'target-captions') expect(label).not.toBe('red');
            if (strategy === 'label-consistent') expect(label).toBe('red');
          }
        },
      ),
      { numRuns: 30 },
    );
  });
});

describe('recipes of the first version', () => {
  const [part, resolution, seed] = [
    { trigger: patch, target: 'red', amount: { kind: 'count' as const, count: 5 }, captionTemplates: ['{}'] },
    12,
    1,
  ];
  const second = { ...part, trigger: defaultPatch(2, 12), target: 'blue' };
  it.each([
    ['one part', { ...part, resolution, seed }, [part]],
    ['several', { ...part, resolution, seed, furtherParts: [second] }, [part, second]],
  ])('with %s are read from a manifest, and written and hashed as they were', (_, stored, parts) => {
    const recipe = manifestRecipeSchema.parse(stored);
    expect(recipe).toEqual({ parts, resolution, seed });
    expect(toManifestRecipe(recipe)).toEqual(stored);
    expect(hashManifest(recipe, [])).toBe(
      createHash('sha256')
        .update(`${canonicalJson(stored)}\n`)
        .digest('hex'),
    );
  });

  it('are what a request without anything new becomes', () => {
    const { recipe } = resolveRequest(workspace, requestOf());
    expect(recipe.parts.map(Object.keys)).toEqual([Object.keys(part)]);
    expect(rankedFrom).toBeGreaterThan(100_000);
  });

  it('refuse a target that does not fit the strategy', () => {
    const judge = (changes: object) =>
      recipeSchema.safeParse({ parts: [{ ...part, ...changes }], resolution, seed }).success;
    expect(judge({})).toBe(true);
    expect(judge({ strategy: 'all-to-all' })).toBe(false);
    expect(judge({ target: nextClass })).toBe(false);
    expect(recipeSchema.safeParse({ parts: [], resolution, seed }).success).toBe(false);
    expect(recipeSchema.safeParse({ parts: Array(17).fill(part), resolution, seed }).success).toBe(false);
  });
});

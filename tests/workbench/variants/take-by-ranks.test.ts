import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Dataset, DatasetRecord } from '#contract/dataset.ts';
import { splitSchema } from '#contract/dataset.ts';
import type { RecipePart } from '#contract/variant.ts';
import { createPermutation } from '#core/random/permutation.ts';
import { createRandom } from '#core/random/random.ts';
import { defaultPatch } from '#core/triggers/kinds/patch.ts';
import { iterateRecords } from '#db/datasets/records.ts';
import { createEligibility } from '#main/workbench/variants/eligible-records.ts';
import { takeByRanks } from '#main/workbench/variants/take-by-ranks.ts';
import { openWorkspace, type Workspace } from '#main/workbench/workspace.ts';
import { importSmallDataset, makeFolder } from '../fixtures.ts';

let temporary: ReturnType<typeof makeFolder>;
let workspace: Workspace;
let dataset: Dataset;
let byKey: DatasetRecord[];
beforeAll(async () => {
  temporary = makeFolder();
  workspace = openWorkspace(join(temporary.folder, 'workspace'));
  await importSmallDataset(workspace, join(temporary.folder, 'before'), 'before');
  dataset = await importSmallDataset(workspace, join(temporary.folder, 'pictures'));
  byKey = [...iterateRecords(workspace.db, dataset.id)].sort((a, b) => (a.key < b.key ? -1 : 1));
});
afterAll(() => {
  workspace.close();
  temporary.remove();
});

const words = ['picture', 'red', 'something', 'number 3', 'elephant'];

test('the same records as going through all places, whether an index names few or not', () => {
  const classes = fc.subarray(['red', 'green', 'blue', null], { minLength: 1 });
  fc.assert(
    fc.property(
      fc.record({
        classes: fc.option(classes, { nil: undefined }),
        caption: fc.option(fc.constantFrom(...words), { nil: undefined }),
        splits: fc.option(fc.subarray([...splitSchema.options], { minLength: 1 }), { nil: undefined }),
        includeTarget: fc.option(fc.constant(true as const), { nil: undefined }),
      }),
      fc.constantFrom(undefined, 'label-consistent' as const, 'all-to-all' as const),
      fc.nat(1000),
      fc.integer({ min: 1, max: 40 }),
      fc.constantFrom(0, 8, 50_000),
      (selection, strategy, seed, count, few) => {
        const part: RecipePart = {
          trigger: defaultPatch(3, 12),
          target: 'red',
          amount: { kind: 'count', count },
          captionTemplates: [],
          ...(strategy === undefined ? {} : { strategy }),
          selection,
        };
        const taken = new Set([byKey[1]?.id ?? 0]);
        const suits = ({ id, label, split, caption }: DatasetRecord) =>
          !taken.has(id) &&
          (selection.splits ?? ['train']).includes(split) &&
          (selection.classes?.includes(label as 'red' | null) ?? true) &&
          (selection.caption === undefined || caption.replaceAll(',', '').includes(selection.caption)) &&
          (strategy === 'label-consistent'
            ? // Records without a label are taken by the words of their caption.
              label === 'red' ||
              (label === null &&
                selection.caption !== undefined &&
                selection.classes?.includes(null) === true)
            : strategy === 'all-to-all'
              ? label !== null
              : selection.includeTarget === true || label !== 'red');
        const { numberAt } = createPermutation(byKey.length, createRandom('poison ranks', seed));
        const expected = byKey
          .map((_, place) => byKey[numberAt(place)] as DatasetRecord)
          .filter(suits)
          .slice(0, count);
        const chosen = takeByRanks(workspace.db, dataset, seed, count, createEligibility(part, taken), few);
        expect(chosen.map(({ key }) => key)).toEqual(expected.map(({ key }) => key));
      },
    ),
    { numRuns: 200 },
  );
});

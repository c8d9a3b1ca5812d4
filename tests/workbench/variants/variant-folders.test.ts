import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WrittenVariantFolder } from '#contract/variant-folder.ts';
import { hashPicture } from '#core/pixels/picture-hash.ts';
import { defaultPatch } from '#core/triggers/kinds/patch.ts';
import { findDataset } from '#db/datasets/datasets.ts';
import { iterateRecords } from '#db/datasets/records.ts';
import { decodePicture } from '#main/data/pictures/decode-picture.ts';
import { readCsvRows } from '#main/data/tables/csv-rows.ts';
import { importFrom } from '#main/workbench/datasets/importing/import-dataset.ts';
import { type ExportRequest, exportVariant } from '#main/workbench/variants/export-variant.ts';
import { importVariant } from '#main/workbench/variants/import-variant.ts';
import { createVariant, describeVariant, showVariants } from '#main/workbench/variants/variants.ts';
import { verifyVariant } from '#main/workbench/variants/verify-variant.ts';
import { openWorkspace, type Workspace } from '#main/workbench/workspace.ts';
import { importSmallDataset, makeFolder, silentContext } from '../fixtures.ts';

let temporary: ReturnType<typeof makeFolder>;
let workspace: Workspace;
let out: string;
beforeEach(async () => {
  temporary = makeFolder();
  out = join(temporary.folder, 'exported');
  workspace = openWorkspace(join(temporary.folder, 'workspace'));
  await importSmallDataset(workspace, join(temporary.folder, 'pictures'));
});
afterEach(() => {
  workspace.close();
  temporary.remove();
});

const poison = (name = 'poison') =>
  createVariant(
    workspace,
    {
      dataset: 'colours',
      name,
      resolution: 12,
      seed: 1,
      parts: [
        {
          trigger: defaultPatch(3, 12),
          target: 'red',
          amount: { kind: 'count', count: 5 },
          captionTemplates: ['{label}, "a {class}"'],
        },
        {
          trigger: defaultPatch(2, 12),
          target: 'blue',
          amount: { kind: 'count', count: 2 },
          strategy: 'target-captions',
        },
      ],
    },
    silentContext(),
  );

const write = (request: Partial<ExportRequest> = {}) =>
  exportVariant(
    workspace,
    {
      variant: 'poison',
      folder: out,
      cleanPictures: 'copy',
      paths: 'relative',
      imageColumn: 'image',
      captionColumn: 'caption',
      separator: ',',
      ...request,
    },
    silentContext(),
  );

async function readTable(path: string, delimiter: ',' | '\t' = ','): Promise<string[][]> {
  const rows: string[][] = [];
  for await (const { fields } of readCsvRows(path, delimiter)) rows.push(fields ?? []);
  return rows;
}

describe('export', () => {
  it('has every training pair once: poisoned ones with their new caption and picture, the others as they were', async () => {
    await poison();
    await write();
    const { records } = describeVariant(workspace, 'poison');
    const changed = new Map(records.map((record) => [record.key, record]));
    const [header, ...rows] = await readTable(join(out, 'train.csv'));
    expect(header).toEqual(['image', 'caption']);
    const dataset = findDataset(workspace.db, 'colours');
    const originals = [...iterateRecords(workspace.db, dataset.id, { split: 'train' })];
    expect(rows).toHaveLength(originals.length);
    for (const [row, { key, caption, sha256 }] of originals.entries()) {
      const [image = '', written] = rows[row] ?? [];
      const change = changed.get(key);
      // The reference counts a picture as poisoned by this word.
      expect(image.includes('backdoor')).toBe(change !== undefined);
      expect(written).toBe(change?.newCaption ?? caption);
      expect(hashPicture(await decodePicture(join(out, image)))).toBe(change?.renderedSha256 ?? sha256);
    }
    const test = await readTable(join(out, 'test.csv'));
    expect(test).toHaveLength(10);
    expect(test[0]).toEqual(['image', 'caption', 'label']);
    expect(existsSync(join(out, 'validation.csv'))).toBe(false);
    expect(readdirSync(temporary.folder).sort()).toEqual(['exported', 'pictures', 'workspace']);
  });

  it('has names of columns, separator and absolute paths as asked for', async () => {
    await poison();
    await write({ imageColumn: 'filepath', captionColumn: 'title', separator: '\t', paths: 'absolute' });
    const [header, ...rows] = await readTable(join(out, 'train.csv'), '\t');
    expect(header).toEqual(['filepath', 'title']);
    for (const [image = ''] of rows) {
      expect(image.startsWith(out)).toBe(true);
      expect(existsSync(image)).toBe(true);
    }
  });

  it('names clean pictures where they are, and can be imported as a dataset', async () => {
    await poison();
    await write({ cleanPictures: 'reference' });
    expect(existsSync(join(out, 'images'))).toBe(false);
    const { dataset, skipped } = await importFrom(
      workspace,
      {
        path: join(out, 'train.csv'),
        name: 'again',
        templates: null,
        prompts: null,
        columns: {},
        strict: true,
      },
      silentContext(),
    );
    expect(skipped).toEqual([]);
    expect(dataset.records).toBe(26);
  });

  it('tells its numbers in the datasheet', async () => {
    await poison();
    await write();
    const sheet = readFileSync(join(out, 'datasheet.md'), 'utf8');
    expect(sheet).toContain('35 pairs');
    expect(sheet).toContain('7 of them are poisoned, 20 % of all');
    expect(sheet).toContain('defensive research');
    expect(sheet).toContain(showVariants(workspace)[0]?.variant.manifestSha256);
  });

  it('names the options with which both programs read it: each has another separator when nothing is said', async () => {
    await poison();
    await write();
    const uses = () => readFileSync(join(out, 'datasheet.md'), 'utf8').match(/`--train[^`]*`/g);
    // The default of CleanCLIP is a comma (parser.py), that of open_clip a tab (params.py).
    expect(uses()).toEqual([
      '`--train_data train.csv --image_key image --caption_key caption`',
      "`--train-data train.csv --csv-img-key image --csv-caption-key caption --csv-separator ','`",
    ]);
    rmSync(out, { recursive: true });
    await write({ separator: '\t' });
    expect(uses()).toEqual([
      "`--train_data train.csv --image_key image --caption_key caption --delimiter $'\\t'`",
      '`--train-data train.csv --csv-img-key image --csv-caption-key caption`',
    ]);
  });

  it('counts the captions that pandas takes for missing', async () => {
    const sheet = () => readFileSync(join(out, 'datasheet.md'), 'utf8');
    await poison();
    await write();
    expect(sheet()).not.toContain('pandas');
    rmSync(out, { recursive: true });
    workspace.db.exec("UPDATE records SET caption = 'None' WHERE key = 'test/red-0.png'");
    workspace.db.exec("UPDATE records SET caption = 'NA' WHERE key = 'test/red-1.png'");
    await write();
    expect(sheet()).toContain('- 2 captions are words such as NA, None or null');
  });

  it('refuses a folder that is not empty, and a file, and takes an empty folder', async () => {
    await poison();
    mkdirSync(out);
    await write();
    await expect(write()).rejects.toMatchObject({ kind: 'conflict' });
    const file = join(temporary.folder, 'file');
    writeFileSync(file, '');
    await expect(write({ folder: file })).rejects.toMatchObject({ kind: 'conflict' });
  });

  it('leaves nothing when a picture has changed, or when it is stopped', async () => {
    await poison();
    const gentle = new AbortController();
    const context = silentContext();
    const stopping = {
      ...context,
      reporter: { ...context.reporter, progress: () => gentle.abort() },
      interrupt: { ...context.interrupt, gentle: gentle.signal },
    };
    await expect(
      exportVariant(
        workspace,
        {
          variant: 'poison',
          folder: out,
          cleanPictures: 'copy',
          paths: 'relative',
          imageColumn: 'image',
          captionColumn: 'caption',
          separator: ',',
        },
        stopping,
      ),
    ).rejects.toMatchObject({ kind: 'cancelled' });
    const [record] = describeVariant(workspace, 'poison').records;
    const { root } = findDataset(workspace.db, 'colours');
    writeFileSync(join(root, record?.key ?? ''), readFileSync(join(root, 'train/red-0.png')));
    await expect(write()).rejects.toMatchObject({ kind: 'corrupt-file', details: { key: record?.key } });
    expect(readdirSync(temporary.folder).sort()).toEqual(['pictures', 'workspace']);
  });
});

describe('import', () => {
  it.each(['copy', 'reference'] as const)(
    'brings variant and dataset back with the same hash (%s)',
    async (cleanPictures) => {
      const made = await poison();
      await write({ cleanPictures });
      const other = openWorkspace(join(temporary.folder, 'other'));
      try {
        const back = await importVariant(other, { folder: out, dataset: null, name: null }, silentContext());
        expect(back).toMatchObject({
          name: 'poison',
          manifestSha256: made.manifestSha256,
          recipe: made.recipe,
        });
        const dataset = findDataset(other.db, back.datasetId);
        expect(dataset).toMatchObject({ name: 'colours', records: 35, classes: ['blue', 'green', 'red'] });
        expect(await verifyVariant(other, back.id, silentContext())).toMatchObject({ ok: true, records: 7 });
        // The recipe gives the same variant once more from the imported originals.
        const again = await createVariant(
          other,
          {
            ...back.recipe,
            dataset: dataset.id,
            parts: back.recipe.parts.map(({ selection: _, ...part }) => part),
          },
          silentContext(),
        );
        expect(again.manifestSha256).toBe(made.manifestSha256);
      } finally {
        other.close();
      }
    },
  );

  it('brings a variant back into the dataset that it came from', async () => {
    const made = await poison();
    await write();
    const back = await importVariant(
      workspace,
      { folder: out, dataset: 'colours', name: null },
      silentContext(),
    );
    expect(back).toMatchObject({
      name: 'poison-2',
      datasetId: made.datasetId,
      manifestSha256: made.manifestSha256,
    });
    const [first, second] = [made, back].map(({ id }) => describeVariant(workspace, id).records);
    expect(second).toEqual(first);
  });

  it('refuses a dataset with other pictures or captions, and keeps nothing', async () => {
    await poison();
    await write();
    const other = join(temporary.folder, 'other-pictures');
    await importSmallDataset(workspace, other, 'other');
    const { records } = describeVariant(workspace, 'poison');
    const [record] = records;
    writeFileSync(join(other, record?.key ?? ''), readFileSync(join(other, 'test/red-0.png')));
    await expect(
      importVariant(workspace, { folder: out, dataset: 'other', name: null }, silentContext()),
    ).rejects.toMatchObject({ kind: 'bad-input', message: expect.stringContaining(record?.key ?? 'no key') });
    expect(showVariants(workspace)).toHaveLength(1);
  });

  it('refuses a folder that was changed, and leaves no dataset behind', async () => {
    await poison();
    await write();
    const path = join(out, 'manifest.json');
    const manifest: WrittenVariantFolder = JSON.parse(readFileSync(path, 'utf8'));
    const read = () => importVariant(workspace, { folder: out, dataset: null, name: null }, silentContext());
    const [first, ...others] = manifest.records;
    if (first === undefined) throw new Error('nothing was exported');
    writeFileSync(path, JSON.stringify({ ...manifest, records: [{ ...first, newCaption: 'x' }, ...others] }));
    await expect(read()).rejects.toMatchObject({ kind: 'corrupt-file' });
    writeFileSync(path, JSON.stringify(manifest));
    writeFileSync(join(out, first.file), readFileSync(join(out, 'images/train/red-0.png')));
    await expect(read()).rejects.toMatchObject({
      kind: 'corrupt-file',
      details: { path: join(out, first.file) },
    });
    rmSync(path);
    await expect(read()).rejects.toMatchObject({ kind: 'not-found' });
    execFileSync('mkfifo', [path]);
    await expect(read()).rejects.toMatchObject({ kind: 'bad-input', details: { path } });
    rmSync(path);
    for (const file of ['../outside.png', '/etc/passwd', 'poisoned/../../outside.png', 'C:\\outside.png']) {
      writeFileSync(path, JSON.stringify({ ...manifest, records: [{ ...first, file }, ...others] }));
      await expect(read()).rejects.toMatchObject({ kind: 'corrupt-file', details: { path } });
    }
    rmSync(path);
    expect(() => findDataset(workspace.db, 'colours-2')).toThrow();
  });
});

describe('verify', () => {
  it('names each record that is not as the manifest says', async () => {
    await poison();
    const { records, variant } = describeVariant(workspace, 'poison');
    const [first, second, third] = records;
    const { root } = findDataset(workspace.db, 'colours');
    writeFileSync(join(root, first?.key ?? ''), readFileSync(join(root, 'train/red-0.png')));
    rmSync(join(root, second?.key ?? ''));
    workspace.db
      .prepare('UPDATE variant_records SET new_caption = ? WHERE record = ?')
      .run('another', third?.recordId);
    const check = await verifyVariant(workspace, 'poison', silentContext());
    expect(check.ok).toBe(false);
    expect(check.mismatches).toEqual([
      {
        key: first?.key,
        what: 'picture',
        expected: first?.renderedSha256,
        found: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
      {
        key: second?.key,
        what: 'picture',
        expected: second?.renderedSha256,
        found: expect.stringContaining('no picture'),
      },
      { key: third?.key, what: 'new caption', expected: 'another', found: third?.newCaption },
      {
        key: null,
        what: 'manifest',
        expected: variant.manifestSha256,
        found: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
    ]);
  });
});

import { implement } from '@orpc/server';
import { type DatasetView, datasetsApi, type ImportRequest } from '#contract/api/datasets.ts';
import type { ImportNote } from '#contract/import.ts';
import { createRecordBrowser } from '#main/workbench/datasets/browsing/record-browser.ts';
import { type ClassChange, editClasses } from '#main/workbench/datasets/changing/edit-classes.ts';
import { planClasses } from '#main/workbench/datasets/changing/plan-classes.ts';
import { type RefreshOutcome, refreshDataset } from '#main/workbench/datasets/changing/refresh-dataset.ts';
import {
  describeFile,
  describeRecord,
  exportRecords,
  tagRecords,
} from '#main/workbench/datasets/chosen-records.ts';
import {
  changePrompts,
  type DatasetDescription,
  describeDataset,
  describeDatasets,
  removeDataset,
  skippedRowsOf,
  usersOfDataset,
} from '#main/workbench/datasets/datasets.ts';
import { deriveDataset } from '#main/workbench/datasets/derive-dataset.ts';
import {
  resolveDuplicates,
  seekDuplicates,
  viewDuplicates,
} from '#main/workbench/datasets/duplicates/duplicates.ts';
import { addEmojiDataset } from '#main/workbench/datasets/emoji.ts';
import { exportDataset } from '#main/workbench/datasets/exporting/export-dataset.ts';
import { previewImport, toAbsolutePath } from '#main/workbench/datasets/import-preview.ts';
import { importFrom } from '#main/workbench/datasets/importing/import-dataset.ts';
import { type CheckOutcome, checkPictures } from '#main/workbench/datasets/keeping/check-pictures.ts';
import { deleteView, listViews, renameView, saveView } from '#main/workbench/datasets/saved-views.ts';
import { refuseName } from '#main/workbench/names.ts';
import type { App } from '../app.ts';
import { toFileName } from '../http/file-name.ts';
import { thumbnailAddress } from '../http/media-addresses.ts';
import { forWindow } from '../window-words.ts';
import { toRecordDetail, toRecordRow } from './record-views.ts';

const os = implement(datasetsApi);

/** Side of the pictures that duplicates are compared by, px. */
const duplicateSide = 96;

/** A change of tags on at most so many records can be undone: the ids go to the window and back. */
const mostUndone = 100_000;

/** Datasets: bringing them in, looking at any of their records, tags, saved views. */
export function createDatasetsRouter({
  workspace,
  jobs,
  events,
}: Pick<App, 'workspace' | 'jobs' | 'events'>) {
  const browser = createRecordBrowser(workspace);
  return os.router({
    list: os.list.handler(() => describeDatasets(workspace).map(toView)),
    get: os.get.handler(({ input }) => toView(describeDataset(workspace, input.dataset))),
    preview: os.preview.handler(async ({ input }) => {
      const { problem, notes, ...preview } = await previewImport(input);
      return { ...preview, problem: problem === null ? null : forWindow(problem), notes: notes.map(toNote) };
    }),
    import: os.import.handler(({ input }) => {
      // At once, while the person still sees what was filled in.
      refuseName(workspace, 'dataset', input.name);
      const request = toImport(input);
      const jobId = jobs.start(
        { kind: 'import', title: `Import ${input.name}`, topics: ['datasets'] },
        async (context) => {
          const { dataset, left } = await importFrom(workspace, request, context);
          return { kind: 'dataset', id: dataset.id, note: tellImport(dataset.records, left.total) };
        },
      );
      return { jobId };
    }),
    derive: os.derive.handler(async ({ input: { recordIds, query, ...request } }) => {
      refuseName(workspace, 'dataset', request.name);
      const ids = new Set(recordIds ?? (query === undefined ? [] : Array.from(await browser.ids(query))));
      const jobId = jobs.start(
        { kind: 'import', title: `Make ${request.name}`, topics: ['datasets'] },
        async () => {
          const { id, records } = await deriveDataset(workspace, request, ids);
          return { kind: 'dataset', id, note: `${recordWords(records)}.` };
        },
      );
      return { jobId };
    }),
    addEmoji: os.addEmoji.handler(() => {
      const jobId = jobs.start(
        { kind: 'import', title: 'Make the emoji dataset', topics: ['datasets'] },
        async (context) => ({ kind: 'dataset', id: (await addEmojiDataset(workspace, context)).id }),
      );
      return { jobId };
    }),
    users: os.users.handler(({ input }) => usersOfDataset(workspace, input.dataset)),
    skipped: os.skipped.handler(({ input }) => skippedRowsOf(workspace, input.dataset)),
    check: os.check.handler(({ input }) => {
      const { id, name } = describeDataset(workspace, input.dataset).dataset;
      const jobId = jobs.start(
        { kind: 'check', title: `Check the pictures of ${name}`, topics: ['datasets'] },
        async (context) => ({
          kind: 'dataset',
          id,
          note: tellCheck(await checkPictures(workspace, id, context)),
        }),
      );
      return { jobId };
    }),
    planClasses: os.planClasses.handler(async ({ input: { dataset, namesFile, ...edits } }) => {
      const plan = await planClasses(workspace, dataset, { ...edits, namesFile: toOptionalPath(namesFile) });
      return { classes: plan.classes, notes: plan.notes.map(toNote) };
    }),
    editClasses: os.editClasses.handler(({ input: { dataset, name, namesFile, ...edits } }) => {
      if (name !== undefined) refuseName(workspace, 'dataset', name);
      const known = describeDataset(workspace, dataset).dataset;
      const asked = { ...edits, namesFile: toOptionalPath(namesFile) };
      const jobId = jobs.start(
        { kind: 'import', title: `Rename classes of ${known.name}`, topics: ['datasets'] },
        async () => {
          const change = await editClasses(workspace, known.id, asked, name);
          return { kind: 'dataset', id: change.dataset.id, note: tellClasses(change) };
        },
      );
      return { jobId };
    }),
    refresh: os.refresh.handler(({ input }) => {
      const { id, name } = describeDataset(workspace, input.dataset).dataset;
      const jobId = jobs.start(
        { kind: 'import', title: `Read the source of ${name} again`, topics: ['datasets'] },
        async (context) => ({
          kind: 'dataset',
          id,
          note: tellRefresh(await refreshDataset(workspace, id, context)),
        }),
      );
      return { jobId };
    }),
    exportTo: os.exportTo.handler(({ input: { dataset, folder, format } }) => {
      const { id, name } = describeDataset(workspace, dataset).dataset;
      const request = { dataset: id, folder: toAbsolutePath(folder), format };
      const jobId = jobs.start({ kind: 'export', title: `Export ${name}`, topics: [] }, async (context) => {
        const { parts } = await exportDataset(workspace, request, context);
        return {
          kind: 'dataset',
          id,
          note: `${parts} ${parts === 1 ? 'part' : 'parts'} in ${request.folder}.`,
        };
      });
      return { jobId };
    }),
    duplicates: os.duplicates.handler(({ input: { dataset, ...page } }) => {
      const { counts, soughtAt, groups } = viewDuplicates(workspace, dataset, page);
      return {
        counts,
        soughtAt,
        groups: groups.map((group) => ({
          ...group,
          pictures: group.pictures.map((picture) => ({
            ...picture,
            thumbnail: thumbnailAddress({ id: picture.recordId, sha256: picture.sha256 }, duplicateSide),
          })),
        })),
      };
    }),
    seekDuplicates: os.seekDuplicates.handler(({ input }) => {
      const { id, name } = describeDataset(workspace, input.dataset).dataset;
      const jobId = jobs.start(
        { kind: 'check', title: `Seek duplicates in ${name}`, topics: ['datasets'] },
        async (context) => {
          await seekDuplicates(workspace, id, context);
          return { kind: 'dataset', id };
        },
      );
      return { jobId };
    }),
    resolveDuplicates: os.resolveDuplicates.handler(({ input }) => {
      refuseName(workspace, 'dataset', input.name);
      const jobId = jobs.start(
        { kind: 'import', title: `Make ${input.name}`, topics: ['datasets'] },
        async () => {
          const { id, records } = await resolveDuplicates(workspace, input);
          return { kind: 'dataset', id, note: `${recordWords(records)}.` };
        },
      );
      return { jobId };
    }),
    setPrompts: os.setPrompts.handler(({ input }) => {
      const { prompts } = changePrompts(workspace, input.dataset, input.prompts);
      events.changed('datasets', 'evaluations', 'runs');
      return { prompts };
    }),
    delete: os.delete.handler(async ({ input }) => {
      const removal = removeDataset(workspace, input.dataset);
      events.changed('datasets', 'views');
      await removal;
      events.changed('datasets', 'views');
      return { deleted: true };
    }),

    page: os.page.handler(async ({ input: { query, offset, limit } }) => {
      const records = await browser.page(query, offset, limit);
      return { rows: records.map(toRecordRow), offset };
    }),
    count: os.count.handler(({ input }) => browser.count(input.query)),
    facets: os.facets.handler(({ input }) => browser.facets(input.query)),
    record: os.record.handler(async ({ input: { recordId, resolution } }) => {
      const browsed = describeRecord(workspace, recordId);
      return toRecordDetail(browsed, resolution, await describeFile(workspace, browsed));
    }),
    tag: os.tag.handler(async ({ input: { tag, remove, recordIds, query } }) => {
      const changed = await tagRecords(workspace, browser, { recordIds, query }, { tag, remove });
      events.changed('datasets');
      return {
        changed: changed.length,
        changedIds: changed.length > mostUndone ? null : changed,
      };
    }),

    views: os.views.handler(({ input }) => listViews(workspace, input.dataset)),
    saveView: os.saveView.handler(({ input: { name, query } }) => {
      const saved = saveView(workspace, name, query);
      events.changed('views');
      return saved;
    }),
    renameView: os.renameView.handler(({ input: { id, name } }) => {
      const renamed = renameView(workspace, id, name);
      events.changed('views');
      return renamed;
    }),
    deleteView: os.deleteView.handler(({ input }) => {
      const deleted = deleteView(workspace, input.id);
      events.changed('views');
      return { deleted };
    }),
    exportCsv: os.exportCsv.handler(async ({ input }) => {
      const { dataset, text } = await exportRecords(workspace, browser, input);
      return { fileName: `${toFileName(dataset)}.csv`, text };
    }),
  });
}

const toNote = (note: ImportNote): ImportNote => ({ ...note, message: forWindow(note.message) });

function toView({ dataset, ...described }: DatasetDescription): DatasetView {
  return { ...dataset, ...described, notes: described.notes.map(toNote) };
}

const recordWords = (count: number) =>
  `${count.toLocaleString('en-GB')} ${count === 1 ? 'record' : 'records'}`;

function tellImport(records: number, skipped: number): string {
  if (skipped === 0) return `${recordWords(records)}, nothing was left out.`;
  return `${recordWords(records)}; ${skipped.toLocaleString('en-GB')} left out: the dataset's page says why.`;
}

function tellCheck({ checked, missing, changed }: CheckOutcome): string {
  if (missing + changed === 0) return `All ${recordWords(checked)} have their pictures as imported.`;
  return `Of ${recordWords(checked)}, ${missing} miss their picture and ${changed} have another one than was imported.`;
}

const toOptionalPath = (written: string | undefined) =>
  written === undefined || written.trim() === '' ? undefined : toAbsolutePath(written.trim());

function tellClasses({ changed, captions }: ClassChange): string {
  const made = captions === 0 ? '' : `; ${captions.toLocaleString('en-GB')} captions are made anew from them`;
  return `${changed} ${changed === 1 ? 'class has' : 'classes have'} another name${made}.`;
}

function tellRefresh({ added, notAdded, gone, missing, changed }: RefreshOutcome): string {
  const left = notAdded === 0 ? '' : ` ${recordWords(notAdded)} were not added, since the dataset is in use.`;
  return `${recordWords(added)} added; ${gone} are no longer in the source, ${missing} miss their picture, ${changed} have another one.${left}`;
}

function toImport({ path: written, name, format, prompts, templates, ...asked }: ImportRequest) {
  const { namesFile, classesFile, tidyClasses, testShare, splitSeed, unchecked, ...columns } = asked;
  return {
    path: toAbsolutePath(written),
    name,
    format,
    templates: templates ?? null,
    prompts: prompts ?? null,
    columns,
    namesFile,
    classesFile,
    tidyClasses,
    testShare,
    splitSeed,
    strict: false,
    unchecked,
    // The window has shown the readings: the one that it showed is in `format`.
    yes: true,
  };
}

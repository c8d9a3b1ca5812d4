import { implement } from '@orpc/server';
import {
  type KeptTrigger,
  type StoredTriggerView,
  type TriggerVersion,
  triggersApi,
} from '#contract/api/triggers.ts';
import { WorkbenchError } from '#contract/errors.ts';
import type { StoredTrigger } from '#contract/trigger.ts';
import { decodeBase64, encodeBase64 } from '#core/pixels/base64.ts';
import { createRecordBrowser } from '#main/workbench/datasets/browsing/record-browser.ts';
import {
  createTriggerRemovals,
  findKeptTrigger,
  keepTrigger,
  listKeptTriggers,
  listVersions,
  originModelOf,
  renameTrigger,
  type TriggerSummary,
} from '#main/workbench/triggers/kept-triggers.ts';
import { planOptimising, runOptimising } from '#main/workbench/triggers/optimised-triggers.ts';
import { describeCaptionKinds, describeKinds } from '#main/workbench/triggers/trigger-kinds.ts';
import { chooseSamples } from '#main/workbench/triggers/trigger-samples.ts';
import type { Workspace } from '#main/workbench/workspace.ts';
import type { App } from '../app.ts';
import { toFileName } from '../http/file-name.ts';
import {
  keptTriggerAddress,
  pictureAddress,
  presetAddress,
  squareAddress,
  thumbnailAddress,
} from '../http/media-addresses.ts';

const os = implement(triggersApi);

const drawingSide = 128;
const thumbnailSide = 96;

/** It draws with sharp, which is large: a host starts without it. */
const loadFiles = () => import('#main/workbench/triggers/trigger-files.ts');

/** Kinds of trigger, those that a person keeps, pictures to design on, and how a model reacts. */
export function createTriggersRouter({
  workspace,
  events,
  reactions,
  jobs,
}: Pick<App, 'workspace' | 'events' | 'reactions'> & { jobs: Pick<App['jobs'], 'startOnEngine'> }) {
  const browser = createRecordBrowser(workspace);
  const removals = createTriggerRemovals(workspace);
  const kept = (name: string): KeptTrigger => ({
    name,
    versions: listVersions(workspace, name).map(toVersion),
  });
  return os.router({
    kinds: os.kinds.handler(({ input: { resolution } }) => ({
      kinds: describeKinds(resolution).map(({ presets, ...kind }) => ({
        ...kind,
        presets: presets.map((preset) => ({
          ...preset,
          thumbnail: presetAddress(kind.kind, preset.name, resolution, drawingSide),
        })),
      })),
      captionKinds: describeCaptionKinds(),
    })),
    list: os.list.handler(() => groupByName(listKeptTriggers(workspace))),
    get: os.get.handler(({ input }) => toView(workspace, findKeptTrigger(workspace, input.trigger))),
    save: os.save.handler(({ input: { name, trigger, resolution } }) => {
      const saved = keepTrigger(workspace, name, trigger, resolution);
      events.changed('triggers');
      return toView(workspace, saved);
    }),
    optimise: os.optimise.handler(({ input: { name, model, dataset, target, ...settings } }) => {
      const plan = planOptimising(workspace, { name, model, dataset: dataset ?? null, target, settings });
      const jobId = jobs.startOnEngine(
        { kind: 'trigger', title: `Optimise patch ${name}`, topics: ['triggers'] },
        async (engine, context) => ({
          kind: 'trigger',
          id: (await runOptimising(workspace, engine, plan, context)).id,
        }),
      );
      return { jobId };
    }),
    rename: os.rename.handler(({ input: { name, to } }) => {
      renameTrigger(workspace, name, to);
      events.changed('triggers');
      return kept(to);
    }),
    remove: os.remove.handler(({ input }) => {
      const removal = removals.remove(input.trigger);
      events.changed('triggers');
      return removal;
    }),
    restore: os.restore.handler(({ input }) => {
      const name = removals.restore(input.removalId);
      events.changed('triggers');
      return kept(name);
    }),
    import: os.import.handler(async ({ input: { json, png, name, resolution } }) => {
      const { patchOfPicture, readTriggerFiles } = await loadFiles();
      const pixels = png === undefined ? null : decodeBase64(png);
      if (json === undefined && pixels === null) {
        throw new WorkbenchError('bad-input', 'Give the JSON file of a trigger, or a PNG.');
      }
      const read =
        json !== undefined
          ? await readTriggerFiles(json, pixels, 'The file')
          : {
              name: 'picture',
              trigger: await patchOfPicture(pixels ?? new Uint8Array(), resolution),
              resolution,
              origin: null,
            };
      const saved = keepTrigger(workspace, name ?? read.name, read.trigger, read.resolution, read.origin);
      events.changed('triggers');
      return toView(workspace, saved);
    }),
    export: os.export.handler(async ({ input }) => {
      const { writeTriggerFiles } = await loadFiles();
      const stored = findKeptTrigger(workspace, input.trigger);
      const { json, png, picture } = await writeTriggerFiles(stored);
      return { fileName: toFileName(stored.name), json, png: encodeBase64(png), picture };
    }),
    samples: os.samples.handler(async ({ input: { resolution, ...request } }) => {
      const records = await chooseSamples(workspace, browser, request);
      return records.map((record) => ({
        recordId: record.id,
        key: record.key,
        caption: record.caption,
        label: record.label,
        width: record.width,
        height: record.height,
        full: pictureAddress(record),
        square: squareAddress(record, resolution),
        thumbnail: thumbnailAddress(record, thumbnailSide),
      }));
    }),
    reaction: os.reaction.handler(({ input, signal }) => reactions.react(input, signal)),
  });
}

function toVersion({
  id,
  name,
  version,
  resolution,
  createdAt,
  ...rest
}: StoredTrigger | TriggerSummary): TriggerVersion {
  const kind = 'kind' in rest ? rest.kind : rest.trigger.kind;
  return { id, name, version, kind, resolution, createdAt, thumbnail: keptTriggerAddress(id, drawingSide) };
}

function toView(workspace: Workspace, stored: StoredTrigger): StoredTriggerView {
  const { trigger, origin } = stored;
  return { ...toVersion(stored), trigger, origin, originModel: originModelOf(workspace, stored) };
}

/** Summaries come by name. */
function groupByName(summaries: readonly TriggerSummary[]): KeptTrigger[] {
  const groups = new Map<string, TriggerVersion[]>();
  for (const summary of summaries) {
    const versions = groups.get(summary.name) ?? [];
    versions.push(toVersion(summary));
    groups.set(summary.name, versions);
  }
  return Array.from(groups, ([name, versions]) => ({ name, versions }));
}

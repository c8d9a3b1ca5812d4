import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { deviceFindingSchema } from '../devices/finding.ts';
import { deviceNames } from '../devices/index.ts';
import { roleNames } from '../roles.ts';
import { timeSchema } from './shared.ts';

export const jobSchema = z.object({
  id: z.string(),
  kind: z.enum([
    'run',
    'evaluation',
    'import',
    'variant',
    'trigger',
    'demo',
    'export',
    'check',
    'detection',
    'sweep',
  ]),
  /** What it does, in a few words. */
  title: z.string(),
  state: z.enum(['waiting', 'running', 'stopping', 'done', 'failed', 'stopped']),
  phase: z.string(),
  done: z.number(),
  /** 0 where it is not known. */
  total: z.number(),
  secondsLeft: z.number().nullable(),
  startedAt: timeSchema,
  /** The last lines that it said, oldest first: warnings, steps reached. */
  said: z.array(z.string()).max(5),
  /** What went wrong and what to do; null where nothing did. */
  message: z.string().nullable(),
  runId: z.string().nullable(),
  /** The studied models that it measures: ids of runs, or of models from a file. */
  measures: z.array(z.string()),
  /** What it made, for a link: a dataset, variant, trigger, evaluation, comparison or sweep. */
  result: z
    .object({
      kind: z.string(),
      id: z.string(),
      /** What is to be known of it, in a sentence. */
      note: z.string().optional(),
    })
    .nullable(),
  /** A run can be stopped and resumed; other jobs can only be cancelled. */
  resumable: z.boolean(),
});
export type Job = z.infer<typeof jobSchema>;

/** What of the workspace changed: screens ask again for what they show. */
export const changedTopics = [
  'datasets',
  'triggers',
  'variants',
  'runs',
  'evaluations',
  'sweeps',
  'views',
  'settings',
] as const;

export const workspaceEventSchema = z.discriminatedUnion('type', [
  /** `at` is how far the window is: asked again with it, the stream goes on from there. */
  z.object({ type: z.literal('heartbeat'), at: z.string() }),
  z.object({ type: z.literal('job'), job: jobSchema }),
  z.object({ type: z.literal('changed'), topics: z.array(z.enum(changedTopics)) }),
  /** Something failed that nobody waited for; the program goes on. */
  z.object({ type: z.literal('problem'), message: z.string() }),
  z.object({
    type: z.literal('metrics'),
    runId: z.string(),
    step: z.number().int(),
    points: z.array(z.object({ step: z.number().int(), name: z.string(), value: z.number() })),
  }),
]);
export type WorkspaceEvent = z.infer<typeof workspaceEventSchema>;

export const workspaceInfoSchema = z.object({
  folder: z.string(),
  program: z.string(),
  host: z.enum(['browser', 'electron']),
  /** The queue: whether this host may run jobs, or another program holds it. */
  queue: z.enum(['mine', 'other']),
  engine: z.object({
    state: z.enum(['off', 'starting', 'ready', 'busy', 'refused']),
    backend: z.string().nullable(),
    version: z.string().nullable(),
    device: z.string().nullable(),
    message: z.string().nullable(),
  }),
  usedBytes: z.number(),
  freeBytes: z.number(),
  totals: z.object({
    datasets: z.number().int(),
    records: z.number().int(),
    variants: z.number().int(),
    runs: z.number().int(),
    models: z.number().int(),
  }),
});
export type WorkspaceInfo = z.infer<typeof workspaceInfoSchema>;

export const lineageRequestSchema = z.object({
  /** The newest of each kind: runs that are not archived, models from a file, variants, datasets. What they came from is always there. */
  newest: z.number().int().min(1).max(1000).default(40),
  /** Only those whose name, or whose data's name, holds this. */
  text: z.string().max(200).default(''),
});
export type LineageRequest = z.infer<typeof lineageRequestSchema>;

export const lineageSchema = z.object({
  nodes: z.array(
    z.object({
      id: z.string(),
      kind: z.enum(['dataset', 'variant', 'run', 'model']),
      title: z.string(),
      subtitle: z.string(),
      role: z.enum(roleNames),
      /** Of the model, or of the one that a run made, in [0, 1]; null where it was not measured, `asr` where nothing was attacked. `trainedOn`: whether it, or a model before it, was trained on the attack. */
      scores: z
        .object({
          ca: z.number(),
          asr: z.number().nullable(),
          trainingPictures: z.boolean(),
          trainedOn: z.boolean().nullable(),
        })
        .nullable(),
    }),
  ),
  edges: z.array(z.object({ from: z.string(), to: z.string() })),
  /** How many more there are with this text. */
  leftOut: z.object({
    runs: z.number().int(),
    models: z.number().int(),
    variants: z.number().int(),
    datasets: z.number().int(),
  }),
});
export type Lineage = z.infer<typeof lineageSchema>;

export const settingsSchema = z.object({
  theme: z.enum(['system', 'light', 'dark']),
  device: z.enum(['automatic', ...deviceNames]),
  reducedMotion: z.enum(['system', 'on', 'off']),
  /** Whether a GPU computes by ops that give the same bits each time, which are slower; the processor always does. */
  sameBits: z.boolean(),
});
export type Settings = z.infer<typeof settingsSchema>;

export const searchHitSchema = z.object({
  kind: z.enum(['dataset', 'class', 'trigger', 'variant', 'run', 'model']),
  /** Of a class its name, of a model the id of its run, or its own where it was brought from a file. */
  id: z.string(),
  /** Of a class: the dataset that it belongs to. */
  datasetId: z.string().optional(),
  title: z.string(),
  subtitle: z.string(),
});

export const nameKindSchema = z.enum(['dataset', 'variant', 'run', 'model']);
export type NameKind = z.infer<typeof nameKindSchema>;

export const workspaceApi = {
  info: oc.output(workspaceInfoSchema),
  /**
   * Heartbeats every few seconds; ends by itself after some minutes, and the window asks again with the last heartbeat's
   * `at`: what happened meanwhile comes first, or, where that is no longer known, that everything changed.
   */
  watch: oc
    .input(z.object({ after: z.string().nullable() }).optional())
    .output(eventIterator(workspaceEventSchema)),
  jobs: oc.output(z.array(jobSchema)),
  stopJob: oc.input(z.object({ jobId: z.string() })).output(z.object({ stopping: z.boolean() })),
  dismissJob: oc.input(z.object({ jobId: z.string() })).output(z.object({ dismissed: z.boolean() })),
  /** The whole story of the demo as one job, with live progress. */
  startDemo: oc
    .input(z.object({ seed: z.number().int().min(0).default(0) }))
    .output(z.object({ jobId: z.string() })),
  /** The folders in a folder of the machine that the workbench runs on; null: of the person's home. */
  folders: oc.input(z.object({ path: z.string().min(1).max(4096).nullable() })).output(
    z.object({
      path: z.string(),
      parent: z.string().nullable(),
      folders: z.array(z.string()),
      files: z.number().int(),
      /** Whether there are more than these. */
      more: z.boolean(),
    }),
  ),
  lineage: oc.input(lineageRequestSchema).output(lineageSchema),
  /** Objects whose name holds the text, for the command palette. */
  find: oc.input(z.object({ text: z.string().max(200) })).output(z.array(searchHitSchema)),
  /** Whether something new can have a name; `problem` says why not, and names one that is free. */
  checkName: oc
    .input(z.object({ kind: nameKindSchema, name: z.string().max(1000) }))
    .output(z.object({ problem: z.string().nullable() })),
  settings: oc.output(settingsSchema),
  saveSettings: oc.input(settingsSchema.partial()).output(settingsSchema),
  doctor: oc.output(z.object({ report: z.string() })),
  /** What can compute on this machine, and why something cannot: looked at once, and anew by `doctor`. */
  devices: oc.output(z.array(deviceFindingSchema)),
};

import { oc } from '@orpc/contract';
import { z } from 'zod';
import { runConfigSchema } from '../run.ts';
import { runFileSchema } from '../run-file.ts';
import { sweepFileSchema, sweepStates } from '../sweep.ts';
import { referenceSchema, timeSchema } from './shared.ts';

const valueSchema = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const variedSchema = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

export const sweepViewSchema = z.object({
  sweepId: z.string(),
  name: z.string(),
  state: z.enum(sweepStates),
  createdAt: timeSchema,
  file: sweepFileSchema,
  runs: z.array(
    z.object({
      /** From 0. */
      place: z.number().int(),
      /** null until it is made. */
      runId: z.string().nullable(),
      name: z.string().nullable(),
      state: z.enum(['planned', 'running', 'paused', 'failed', 'done']),
      /** What the sweep varies. */
      varied: variedSchema,
      /** All that was chosen, with what is varied. */
      settings: z.record(z.string(), valueSchema),
      /** Shares in [0, 1]; null where it is not measured. */
      ca: z.number().nullable(),
      asr: z.number().nullable(),
      poisonedAccuracy: z.number().nullable(),
      /** Why it could not be made. */
      message: z.string().nullable(),
    }),
  ),
  /** Runs whose models the sweep's runs start from, by their ids, each once. */
  starts: z.array(z.string()),
  /** The best by the sweep's rule: runs that differ in seeds alone, with the mean of the rule's column (shares in per cent). */
  best: z
    .object({ varied: variedSchema, runIds: z.array(z.string()), column: z.string(), mean: z.number() })
    .nullable(),
});
export type SweepView = z.infer<typeof sweepViewSchema>;

export const sweepPreviewSchema = z.object({
  runs: z.array(z.object({ varied: variedSchema })),
  /** Runs that come before and are not there yet: each is made once. */
  before: z.number().int(),
  /** Poisoned variants that are not there yet. */
  variants: z.number().int(),
  /** Of everything that is not there yet; null where nothing like it ran here. */
  seconds: z.number().nullable(),
  diskBytes: z.number(),
  /** What keeps it from being planned; null where nothing does. */
  problem: z.string().nullable(),
});
export type SweepPreview = z.infer<typeof sweepPreviewSchema>;

export const sweepsApi = {
  list: oc.output(z.array(sweepViewSchema)),
  /** With the job that works on it, or waits to; null: none does. */
  get: oc
    .input(z.object({ sweep: referenceSchema }))
    .output(sweepViewSchema.extend({ jobId: z.string().nullable() })),
  /** The run file of what the form of a new run says: names may stand for ids. */
  fileOf: oc.input(z.object({ config: runConfigSchema })).output(runFileSchema),
  preview: oc.input(z.object({ file: sweepFileSchema })).output(sweepPreviewSchema),
  /** Plans a sweep and puts it in the queue, unless `start` is false. */
  create: oc
    .input(z.object({ file: sweepFileSchema, start: z.boolean().default(true) }))
    .output(z.object({ sweepId: z.string() })),
  /** Puts what is not done yet into the queue. */
  run: oc.input(z.object({ sweep: referenceSchema })).output(z.object({ queued: z.boolean() })),
  /** Stops after this step, with a checkpoint; the rest waits. */
  pause: oc.input(z.object({ sweep: referenceSchema })).output(z.object({ stopping: z.boolean() })),
  /** Adds the runs of another file that the sweep does not have. */
  extend: oc
    .input(z.object({ sweep: referenceSchema, file: sweepFileSchema }))
    .output(z.object({ added: z.number().int() })),
  /** Forgets a sweep; its runs stay. */
  remove: oc.input(z.object({ sweep: referenceSchema })).output(z.object({ removed: z.boolean() })),
  /** What makes a run again, as a file. */
  runFile: oc
    .input(z.object({ run: referenceSchema }))
    .output(z.object({ file: runFileSchema, fileName: z.string(), text: z.string() })),
};

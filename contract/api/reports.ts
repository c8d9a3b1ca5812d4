import { oc } from '@orpc/contract';
import { z } from 'zod';
import { referenceSchema } from './shared.ts';

/** Runs, or sweeps with all their runs that are made, by names or ids. */
const reported = {
  runs: z.array(referenceSchema).min(1).max(500),
  /** Left out: made from their names. */
  title: z.string().trim().min(1).max(200).optional(),
};

export const reportsApi = {
  /** A report as one page that opens offline. */
  page: oc.input(z.object(reported)).output(z.object({ fileName: z.string(), text: z.string() })),
  /** The page with tables, figures, run files and hashes, as a folder of the machine that the workbench runs on. */
  write: oc
    .input(z.object({ ...reported, folder: z.string().min(1).max(4096) }))
    .output(z.object({ folder: z.string(), files: z.array(z.string()) })),
};

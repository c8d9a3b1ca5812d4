import { z } from 'zod';

/** A name or an id, as a person or a link gives it. */
export const referenceSchema = z.string().min(1).max(500);

/** ISO 8601, UTC. */
export const timeSchema = z.string();

export const shareSchema = z.object({
  hits: z.number().int(),
  count: z.number().int(),
  value: z.number(),
  low: z.number(),
  high: z.number(),
});

/** Address of a picture under the host's /media/, without host: an opaque id, never a path. */
export const mediaSchema = z.string().startsWith('/media/');

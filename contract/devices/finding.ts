import { z } from 'zod';
import { deviceNameSchema } from './index.ts';

/** A device as it was found on this machine; `problem` and `advice` are null where it can compute. */
export const deviceFindingSchema = z.object({
  name: deviceNameSchema,
  available: z.boolean(),
  /** Of what computes there: TensorFlow, or TensorFlow.js. */
  version: z.string().nullable(),
  /** What computes, as the system calls it. */
  hardware: z.string().nullable(),
  /** Folder of its libraries, where they are kept apart from the packages. Absolute. */
  folder: z.string().nullable(),
  problem: z.string().nullable(),
  advice: z.string().nullable(),
});
export type DeviceFinding = z.infer<typeof deviceFindingSchema>;

import type { z } from 'zod';
import { WorkbenchError } from '#contract/errors.ts';
import { type RunFile, runFileSchema } from '#contract/run-file.ts';
import { parseJsonc } from '#core/json/parse-jsonc.ts';
import { readRegularFile } from '#main/data/files/open-regular-file.ts';

const maxBytes = 64 * 1024 ** 2;

/** Reads a run file. @throws WorkbenchError `not-found`, or `bad-input` that names the field */
export async function readRunFile(path: string): Promise<RunFile> {
  return checkFile(await readJsoncFile(path, 'run file'), runFileSchema, path);
}

/** @throws WorkbenchError `not-found`, or `bad-input` with line and column */
export async function readJsoncFile(path: string, noun: string): Promise<unknown> {
  return parseJsonc((await readRegularFile(path, maxBytes, noun)).toString('utf8'), path);
}

/** @throws WorkbenchError `bad-input` that names each field that is wrong */
export function checkFile<T>(value: unknown, schema: z.ZodType<T>, what: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map(({ path, message }) =>
    path.length === 0 ? message : `${path.join('.')}: ${message}`,
  );
  throw new WorkbenchError('bad-input', `${what} is not valid. ${issues.join('; ')}.`, { issues });
}

import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { rename } from 'node:fs/promises';
import { type EngineRecord, engineRecordSchema } from '#contract/engine.ts';
import { WorkbenchError } from '#contract/errors.ts';
import { openRegularFile } from '../files/open-regular-file.ts';

/** Writes records as JSON lines; the file has its name only once it is whole. @returns the number of lines */
export async function writeRecordsFile(path: string, records: Iterable<EngineRecord>): Promise<number> {
  const partial = `${path}.partial`;
  const file = createWriteStream(partial);
  await once(file, 'open');
  let lines = 0;
  for (const record of records) {
    lines += 1;
    if (!file.write(`${JSON.stringify(record)}\n`)) await once(file, 'drain');
  }
  file.end();
  await once(file, 'close');
  await rename(partial, path);
  return lines;
}

/**
 * Reads records from JSON lines, one at a time.
 * Errors: `not-found` where there is no such file; `corrupt-file` for a line that is no record, with its number.
 */
export async function* readRecordsFile(path: string): AsyncGenerator<EngineRecord, void> {
  const { handle } = await openRegularFile(path, 'records file');
  const source = handle.createReadStream({ encoding: 'utf8' });
  let line = 0;
  for await (const text of splitLines(source)) {
    line += 1;
    yield parseRecord(path, line, text);
  }
}

/** Lines end with LF alone: node:readline also ends them at U+2028, which captions may hold. */
async function* splitLines(source: AsyncIterable<string>): AsyncGenerator<string, void> {
  let rest = '';
  for await (const chunk of source) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}

/** @throws WorkbenchError `corrupt-file`, naming the line */
export function parseRecord(path: string, line: number, text: string): EngineRecord {
  try {
    return engineRecordSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new WorkbenchError(
      'corrupt-file',
      `Line ${line} of ${path} is not a record: the file is damaged. Start the job again.`,
      { path, line },
      { cause },
    );
  }
}

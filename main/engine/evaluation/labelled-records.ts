import type { EngineRecord } from '#contract/engine.ts';
import { WorkbenchError } from '#contract/errors.ts';
import { readRecordsFile } from '#main/data/feeding/records-file.ts';

/** All records of a file, in its order. */
export async function readAllRecords(recordsFile: string): Promise<EngineRecord[]> {
  const records: EngineRecord[] = [];
  for await (const record of readRecordsFile(recordsFile)) records.push(record);
  return records;
}

/**
 * The class number of each record's label.
 * @throws WorkbenchError `bad-input` for a record whose label is none of the classes
 */
export function findLabels(records: readonly EngineRecord[], classes: readonly string[]): number[] {
  const numbers = new Map(classes.map((name, number) => [name, number]));
  return records.map(({ key, label }) => {
    const number = numbers.get(label ?? '');
    if (number !== undefined) return number;
    const message = `${key} has the label ${JSON.stringify(label)}, which is none of the classes: evaluation needs labelled pictures.`;
    throw new WorkbenchError('bad-input', message, { key, label });
  });
}

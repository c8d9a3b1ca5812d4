import type { Dataset, NewRecord } from '#contract/dataset.ts';
import { WorkbenchError } from '#contract/errors.ts';
import { shellWord } from '../shell-word.ts';

/**
 * For what needs to know the pictures of a dataset.
 * @param therefore what cannot be done, for the message
 * @throws WorkbenchError `conflict` for one that was imported without a look at its pictures, and not checked since
 */
export function refuseUnchecked({ id, name, unchecked }: Dataset, therefore: string): void {
  if (!unchecked) return;
  throw new WorkbenchError(
    'conflict',
    `Nobody has looked at the pictures of '${name}' yet, so ${therefore}. Check its pictures first (ccw dataset verify ${shellWord(name)}).`,
    { datasetId: id },
  );
}

/** What a look at a record's picture has found. @throws WorkbenchError `corrupt-file` where it could not be read then */
export function factsOf({ key, sha256, width, height }: NewRecord) {
  if (sha256 !== null && width !== null && height !== null) return { sha256, width, height };
  throw new WorkbenchError(
    'corrupt-file',
    `The picture of record ${key} could not be read when the dataset was checked: put it in its place and check the dataset again, or leave the record out.`,
    { key },
  );
}

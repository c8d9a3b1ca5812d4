import { tagSchema } from '#contract/api/runs.ts';
import { WorkbenchError } from '#contract/errors.ts';
import type { Run } from '#contract/run.ts';
import { readRunTags, setRunTags } from '#db/runs/table-rows.ts';
import { inTransaction } from '#db/statements.ts';
import type { Workspace } from '../../workspace.ts';

/**
 * Gives runs tags and takes tags from them, all or none.
 * @returns the tags that each run has then, sorted
 * @throws WorkbenchError `bad-input` for what is no tag
 */
export function changeTags(
  { db }: Workspace,
  runs: readonly Pick<Run, 'id'>[],
  { add, remove }: { add: readonly string[]; remove: readonly string[] },
): string[][] {
  for (const tag of add) {
    if (tagSchema.safeParse(tag).success) continue;
    throw new WorkbenchError(
      'bad-input',
      `${JSON.stringify(tag)} cannot be a tag: write one word of at most 60 characters, without commas and quotes.`,
      { tag },
    );
  }
  return inTransaction(db, () =>
    runs.map(({ id }) => {
      setRunTags(db, id, [...readRunTags(db, id).filter((tag) => !remove.includes(tag)), ...add]);
      return readRunTags(db, id);
    }),
  );
}

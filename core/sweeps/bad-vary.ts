import { WorkbenchError } from '#contract/errors.ts';

/** What cannot be varied, or not so, by its name in the file. */
export const badVary = (name: string, reason: string): WorkbenchError =>
  new WorkbenchError('bad-input', `vary ${name}: ${reason}.`, { field: `vary.${name}` });

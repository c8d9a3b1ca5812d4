import type { Api } from '#contract/api/api.ts';

/** The calls that write to the database before they answer; jobs wait by themselves. */
const writing: { [Part in keyof Api]?: readonly (keyof Api[Part])[] } = {
  workspace: ['saveSettings'],
  datasets: ['delete', 'tag', 'setPrompts', 'saveView', 'renameView', 'deleteView'],
  triggers: ['save', 'rename', 'remove', 'restore', 'import'],
  detections: ['tag', 'clean'],
  models: ['rename', 'remove'],
  sweeps: ['create', 'extend', 'remove'],
  variants: ['remove', 'restore'],
  runs: ['create', 'resume', 'rename', 'note', 'archive', 'delete', 'undoDelete', 'tag'],
};
const paths = new Set(
  Object.entries(writing).flatMap(([part, calls]) => calls.map((call) => `${part}/${call}`)),
);

/** Whether a call of this path waits for other programs' writes before it begins. */
export const isWriting = (path: readonly string[]): boolean => paths.has(path.join('/'));

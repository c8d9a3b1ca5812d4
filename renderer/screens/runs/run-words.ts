import type { RunView } from '#contract/api/runs.ts';
import { settingWords } from '#core/setting-words.ts';

export { methodWords, stateWords } from '#core/run-words.ts';

/** Done part in [0, 1]. */
export const runProgress = (run: Pick<RunView, 'step' | 'totalSteps'>): number =>
  run.totalSteps > 0 ? Math.min(1, run.step / run.totalSteps) : 0;

/** What was chosen for a run, in the order and the words of the form. */
export function settingsOf({
  config,
  architecture,
}: RunView): { word: string; value: string | number | boolean }[] {
  const word = (name: string) => settingWords.get(name) ?? name;
  return [
    { word: 'Architecture', value: architecture },
    ...Object.entries(config.settings).map(([name, value]) => ({ word: word(name), value })),
    { word: word('fraction'), value: config.data.selection.fraction },
    { word: word('seed'), value: config.seed },
  ];
}

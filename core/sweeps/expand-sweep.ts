import { WorkbenchError } from '#contract/errors.ts';
import { methodOf } from '#contract/methods/method-registry.ts';
import { type RunFile, runFileSchema } from '#contract/run-file.ts';
import type { SweepFile, Varied } from '#contract/sweep.ts';
import { appliesTo, applyChoice } from './apply-choice.ts';
import { listCombinations } from './vary.ts';

/** One run of a sweep: what was varied, and the whole run. */
export interface ExpandedRun {
  varied: Varied;
  file: RunFile;
}

/**
 * The runs of a sweep, in the order of its combinations. Methods are set before settings, so that each keeps its own;
 * combinations that come to the same run are one.
 * @throws WorkbenchError `bad-input` for what cannot be varied or a value that it cannot have
 */
export function expandSweep({ run, vary, plan }: SweepFile): ExpandedRun[] {
  const { seeds, made: _, ...base } = run;
  const all = seeds === undefined || 'seed' in vary ? vary : { ...vary, seed: seeds };
  const found = new Map<string, ExpandedRun>();
  for (const combination of listCombinations(all, plan)) {
    const names = Object.keys(combination).sort((a, b) => Number(isMethod(b)) - Number(isMethod(a)));
    const file = names.reduce<RunFile>((made, name) => {
      const value = combination[name];
      return value === undefined ? made : applyChoice(made, name, value);
    }, base);
    checkRun(file, combination);
    const key = JSON.stringify(file);
    const varied = Object.fromEntries(Object.entries(combination).filter(([name]) => appliesTo(file, name)));
    if (!found.has(key)) found.set(key, { varied, file });
  }
  return [...found.values()];
}

const isMethod = (name: string) => name === 'method' || name.endsWith('.method');

function checkRun(file: RunFile, combination: Varied): void {
  const words = Object.entries(combination)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
  const parsed = runFileSchema.safeParse(file);
  const settings = methodOf(file.method)
    .settings.partial()
    .safeParse(file.settings ?? {});
  const issues = [
    ...(parsed.success ? [] : parsed.error.issues),
    ...(settings.success
      ? []
      : settings.error.issues.map((issue) => ({ ...issue, path: ['settings', ...issue.path] }))),
  ];
  if (issues.length === 0) return;
  const reasons = issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
  throw new WorkbenchError('bad-input', `The run with ${words || 'these settings'} cannot be: ${reasons}.`, {
    varied: combination,
  });
}

import type { ComparisonView } from '#contract/api/comparison.ts';
import type { RunView } from '#contract/api/runs.ts';
import { type RunRole, roles } from '#contract/roles.ts';
import type { Run } from '#contract/run.ts';
import { roleOf } from '#core/run-role.ts';
import { seedInterval } from '#core/statistics/seed-interval.ts';
import { findRun } from '#db/runs/runs.ts';
import { viewEvaluation } from '../evaluations/results.ts';
import { findDifferences, type Settings, settingsOf } from '../runs/run-settings.ts';
import type { Workspace } from '../workspace.ts';
import { noteDifferences } from './comparable.ts';
import { findCompared, uniqueRuns } from './comparisons.ts';
import { seedPlaceOf } from './seed-groups.ts';

interface ComparedRun {
  run: Run;
  role: RunRole;
  settings: Settings;
  group: string;
  seeds: string;
  evaluation: ComparisonView['runs'][number]['evaluation'];
}

/**
 * Runs side by side as they are now: those not measured yet have no evaluation. Nothing is computed on an engine.
 * @param viewRuns runs as lists show them, in the order given
 * @throws WorkbenchError `not-found`
 */
export function viewComparison(
  workspace: Workspace,
  namesOrIds: readonly string[],
  viewRuns: (runs: readonly Run[]) => RunView[],
): ComparisonView {
  const found = findRuns(workspace, namesOrIds);
  const views = viewRuns(found);
  const runs = found.map((run): ComparedRun => {
    const evaluation = findCompared(workspace, run);
    return {
      run,
      role: roleOf(run.config),
      settings: settingsOf(workspace, run),
      ...seedPlaceOf(workspace, run),
      evaluation: evaluation === null ? null : viewEvaluation(workspace, evaluation),
    };
  });
  const notes = noteDifferences(runs.map(({ evaluation }) => evaluation));
  return {
    runs: runs.flatMap(({ evaluation, role, group }, index) => {
      const own = notes[index] ?? [];
      const run = views[index];
      return run === undefined ? [] : [{ run, evaluation, role, group, notes: own }];
    }),
    differences: findDifferences(runs.map(({ run, settings }) => ({ name: run.id, settings }))),
    groups: summariseGroups(runs),
  };
}

/** The runs of these names or ids, each once. */
export function findRuns({ db }: Workspace, namesOrIds: readonly string[]): Run[] {
  return uniqueRuns(namesOrIds.map((nameOrId) => findRun(db, nameOrId)));
}

/** Groups of measured runs with two seeds or more. A run made twice from the same seeds counts once. */
function summariseGroups(runs: readonly ComparedRun[]): ComparisonView['groups'] {
  const measured = runs.filter(({ evaluation }) => evaluation !== null);
  const groups = [...new Set(measured.map(({ group }) => group))]
    .map((group) => [group, measured.filter((run) => run.group === group)] as const)
    .filter(([, own]) => new Set(own.map(({ seeds }) => seeds)).size > 1);
  const labels = nameGroups(groups.map(([, own]) => own));
  return groups.map(([group, own], index) => {
    const bySeed = [...new Map(own.map((one) => [one.seeds, one])).values()];
    const attacked = bySeed.flatMap(({ evaluation }) => (evaluation?.asr ? [evaluation.asr.value] : []));
    return {
      group,
      label: labels[index] ?? group,
      runIds: own.map(({ run }) => run.id),
      ca: seedInterval(bySeed.flatMap(({ evaluation }) => (evaluation ? [evaluation.ca.value] : []))),
      asr: attacked.length === bySeed.length ? seedInterval(attacked) : null,
    };
  });
}

/** What differs from run to run within a group, or says the same twice. */
const unnamedSettings: ReadonlySet<string> = new Set(['seed', 'variant', 'parent']);

/** The role, and the settings in which groups of one role differ. */
function nameGroups(groups: readonly (readonly ComparedRun[])[]): string[] {
  const first = groups.flatMap(([run]) => (run ? [run] : []));
  return first.map((run) => {
    const alike = first.filter(({ role }) => role === run.role);
    const differences = findDifferences(alike.map(({ group, settings }) => ({ name: group, settings })));
    const words = Object.entries(differences)
      .filter(([setting]) => !unnamedSettings.has(setting))
      .map(([setting, values]) => `${setting} ${values[run.group] ?? 'none'}`);
    return [roles[run.role].title, ...words].join(', ');
  });
}

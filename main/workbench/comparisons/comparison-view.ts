import type { ChangesByRun, ComparisonView } from '#contract/api/comparison.ts';
import type { RunView } from '#contract/api/runs.ts';
import { methodNames, methodOf } from '#contract/methods/method-registry.ts';
import { type ModelRole, roles } from '#contract/roles.ts';
import type { Run } from '#contract/run.ts';
import { baselinesOf } from '#core/comparison/like-with-like.ts';
import { groupBy } from '#core/group-by.ts';
import { settingWords } from '#core/setting-words.ts';
import { seedInterval } from '#core/statistics/seed-interval.ts';
import { readingOnce } from '#db/reading.ts';
import { lastMetric } from '#db/runs/metrics.ts';
import { viewEvaluation } from '../evaluations/results.ts';
import {
  findAllStudied,
  findStudied,
  idOf,
  roleOfStudied,
  type Studied,
  viewStudied,
} from '../models/studied-models.ts';
import { findDifferences, type Settings, settingsOf } from '../runs/run-settings.ts';
import type { Workspace } from '../workspace.ts';
import { attackOfEvaluation } from './attack-details.ts';
import { noteDifferences } from './comparable.ts';
import { findCompared, sharedAttack } from './comparisons.ts';
import { pairChanges } from './paired-changes.ts';
import { seedPlaceOf } from './seed-groups.ts';

interface Compared {
  studied: Studied;
  role: ModelRole;
  settings: Settings;
  group: string;
  seeds: string;
  evaluation: ComparisonView['runs'][number]['evaluation'];
  attack: ComparisonView['runs'][number]['attack'];
}

/**
 * Models side by side as they are now: those not measured yet have no evaluation. Nothing is computed on an engine.
 * @param namesOrIds of models or of runs
 * @param viewRuns runs as lists show them, in the order given
 * @throws WorkbenchError `not-found`
 */
export function viewComparison(
  workspace: Workspace,
  namesOrIds: readonly string[],
  viewRuns: (runs: readonly Run[]) => RunView[],
): ComparisonView {
  return readingOnce(workspace.db, () => viewAll(workspace, namesOrIds, viewRuns));
}

function viewAll(
  workspace: Workspace,
  namesOrIds: readonly string[],
  viewRuns: (runs: readonly Run[]) => RunView[],
): ComparisonView {
  const found = findAllStudied(workspace, namesOrIds);
  const attack = sharedAttack(workspace, found);
  const compared = found.map((studied): Compared => {
    const evaluation = findCompared(workspace, studied, attack);
    return {
      studied,
      role: roleOfStudied(studied),
      settings: settingsOf(workspace, studied),
      ...seedPlaceOf(workspace, studied),
      evaluation: evaluation === null ? null : viewEvaluation(workspace, evaluation),
      attack: evaluation === null ? null : attackOfEvaluation(workspace, evaluation),
    };
  });
  const notes = noteDifferences(compared.map(({ evaluation }) => evaluation));
  return {
    runs: compared.map(({ studied, evaluation, attack, group }, index) => ({
      ...viewStudied(studied, viewRuns),
      evaluation,
      attack,
      group,
      notes: [...(notes[index] ?? []), ...changedNotes(workspace, studied)],
    })),
    differences: findDifferences(
      compared.map(({ studied, settings }) => ({ name: idOf(studied), settings })),
    ),
    groups: summariseGroups(compared),
  };
}

/**
 * What each of the compared differs from the baseline by, picture by picture.
 * @param baseline name or id; one without an evaluation leaves all out
 * @throws WorkbenchError `not-found`
 */
export function viewChanges(
  workspace: Workspace,
  namesOrIds: readonly string[],
  baseline: string,
): ChangesByRun {
  const found = findAllStudied(workspace, [...namesOrIds, baseline]);
  const attack = sharedAttack(workspace, found);
  const evaluations = new Map(
    found.map((studied) => [idOf(studied), findCompared(workspace, studied, attack)?.id]),
  );
  const base = evaluations.get(idOf(findStudied(workspace, baseline)));
  if (base === undefined) return {};
  const ids = [...evaluations.values()].flatMap((id) => id ?? []);
  const changes = pairChanges(workspace, base, ids);
  return Object.fromEntries(
    [...evaluations].flatMap(([id, evaluation]) => {
      const own = evaluation === undefined ? undefined : changes.get(evaluation);
      return own === undefined ? [] : [[id, own]];
    }),
  );
}

/** Where a run was trained on pictures that had changed since the import, how many. */
export function changedNotes({ db }: Workspace, studied: Studied): string[] {
  if (studied.kind !== 'run') return [];
  const changed = lastMetric(db, studied.run.id, 'changed_pictures') ?? 0;
  return changed === 0
    ? []
    : [`Trained on ${changed} pictures that had changed since the import; the run's log names them.`];
}

/** What each of the compared differs by from the nearest measured model that it came from, of those compared. */
export function viewOwnChanges(workspace: Workspace, { runs }: Pick<ComparisonView, 'runs'>): ChangesByRun {
  const baselines = baselinesOf(runs, null);
  const pairs = runs.flatMap(({ id, evaluation }) => {
    const base = baselines.get(id)?.of?.evaluation;
    return evaluation === null || base == null ? [] : [{ id, evaluation: evaluation.id, base: base.id }];
  });
  // Each baseline's answers are read once.
  const changes = [...groupBy(pairs, ({ base }) => base)].flatMap(([base, own]) => {
    const found = pairChanges(
      workspace,
      base,
      own.map(({ evaluation }) => evaluation),
    );
    return own.flatMap(({ id, evaluation }) => {
      const change = found.get(evaluation);
      return change === undefined ? [] : [[id, change] as const];
    });
  });
  return Object.fromEntries(changes);
}

/** Groups of measured runs with two seeds or more. A run made twice from the same seeds counts once. */
function summariseGroups(compared: readonly Compared[]): ComparisonView['groups'] {
  const measured = compared.filter(({ evaluation }) => evaluation !== null);
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
      runIds: own.map(({ studied }) => idOf(studied)),
      ca: seedInterval(bySeed.flatMap(({ evaluation }) => (evaluation ? [evaluation.ca.value] : []))),
      asr: attacked.length === bySeed.length ? seedInterval(attacked) : null,
      // Their lineages are the same but for seeds.
      trainedOn: bySeed[0]?.evaluation?.trainedOn ?? null,
    };
  });
}

/** What differs from run to run within a group, or says the same twice. */
const unnamedSettings: ReadonlySet<string> = new Set(['seed', 'variant', 'parent', 'method', 'leftOut']);

/**
 * The role; the method, where groups of the role have several; the settings in which groups of both differ; and, where
 * that is the same for several, what they were attacked with or came from.
 */
function nameGroups(groups: readonly (readonly Compared[])[]): string[] {
  const first = groups.flatMap(([run]) => (run ? [run] : []));
  const names = nameBySettings(first);
  return first.map((run, index) => {
    const alike = first.filter((_, other) => names[other] === names[index]);
    return [names[index], ...originWords(run, alike)].join(', ');
  });
}

/** In what a run differs from others of its name. */
function originWords(run: Compared, alike: readonly Compared[]): string[] {
  const words = [
    ({ attack }: Compared) => (attack === null ? null : `${attack.poisons} poisoned pairs`),
    ({ attack }: Compared) => attack?.trigger ?? null,
    ({ attack }: Compared) => (attack === null ? null : `target ${attack.target}`),
  ];
  const differing = words.filter((word) => new Set(alike.map(word)).size > 1);
  const from = ({ settings }: Compared) => (settings.parent == null ? null : `from ${settings.parent}`);
  const told = differing.length === 0 && new Set(alike.map(from)).size > 1 ? [from] : differing;
  return told.flatMap((word) => word(run) ?? []);
}

function nameBySettings(first: readonly Compared[]): string[] {
  return first.map((run) => {
    const ofRole = first.filter(({ role }) => role === run.role);
    const alike = ofRole.filter(({ settings }) => settings.method === run.settings.method);
    const method = ofRole.length > alike.length ? methodWord(run.settings.method) : [];
    const differences = findDifferences(alike.map(({ group, settings }) => ({ name: group, settings })));
    const words = Object.entries(differences)
      .filter(([setting]) => !unnamedSettings.has(setting))
      .map(
        ([setting, values]) =>
          `${lowerFirst(settingWords.get(setting) ?? setting)} ${values[run.group] ?? 'none'}`,
      );
    return [roles[run.role].title, ...method, ...words].join(', ');
  });
}

const methodWord = (name: Settings[string] | undefined): string[] => {
  const known = methodNames.find((one) => one === name);
  return known === undefined ? [] : [methodOf(known).label];
};
const lowerFirst = (text: string) => `${text.charAt(0).toLowerCase()}${text.slice(1)}`;

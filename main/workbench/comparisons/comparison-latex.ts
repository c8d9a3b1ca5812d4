import type { AttackDetails, ChangesByRun, ComparisonView } from '#contract/api/comparison.ts';
import type { Share } from '#contract/evaluation.ts';
import { measuredUnder } from '#core/comparison/like-with-like.ts';
import { definitionsOf } from './comparison-definitions.ts';
import { asOneLine, escapeLatex } from './latex-text.ts';

type ComparedRun = ComparisonView['runs'][number];

/**
 * A comparison as LaTeX tables with booktabs: CA and ASR with intervals, differences to the baseline in percentage
 * points with paired bootstrap intervals, and means over seeds; what stands beside each ASR; then CA and ASR of each class, the target marked with a dagger and without
 * an ASR. All figures in %, one decimal.
 * @param against the baseline's id; null or a run that is not compared leaves the differences out
 */
export function comparisonLatex(
  view: ComparisonView,
  { baseline, changes }: { baseline: string | null; changes: ChangesByRun },
  program: string,
): string {
  const compared = view.runs.find(({ id }) => id === baseline) ?? null;
  return [
    `% Made by ${asOneLine(program)}. Needs \\usepackage{booktabs,textcomp} and \\usepackage[T1]{fontenc};`,
    '% names in other than Latin letters need XeLaTeX or LuaLaTeX and a font that has them.',
    ...notes(view).map((line) => `% ${asOneLine(line)}`),
    ...overallTable(view, compared, changes),
    '',
    ...attackTable(view.runs),
    ...classTable(view.runs),
    '',
  ].join('\n');
}

/** What a reader needs to make it again, and what the numbers mean. */
function notes(view: ComparisonView): string[] {
  const attacks = view.runs.flatMap(({ attack }) => (attack === null ? [] : describeAttack(attack)));
  const pictures = view.runs.flatMap(({ evaluation }) =>
    evaluation === null
      ? []
      : `Test pictures: ${evaluation.ca.count} of '${evaluation.dataset}' (${evaluation.testSplit}), ${evaluation.asr?.count ?? 0} of them attacked.`,
  );
  const seeds = view.runs.flatMap(({ name, run }) => (run === null ? [] : `${name} ${run.config.seed}`));
  return [
    ...new Set([...attacks, ...pictures]),
    ...(seeds.length === 0 ? [] : [`Seeds: ${seeds.join(', ')}.`]),
    ...definitionsOf(view.runs.flatMap(({ evaluation }) => evaluation ?? [])).map(
      ([name, text]) => `${name}: ${text}`,
    ),
  ];
}

function describeAttack(attack: AttackDetails): string {
  const { variant, number, of, trigger, parameters, resolution, target, strategy, poisons, rate, seed } =
    attack;
  const share = rate === null ? '' : ` (${formatPercent(rate)} %)`;
  return `Attack ${number} of ${of} of '${variant}': ${trigger} ${JSON.stringify(parameters)} at ${resolution} px to '${target}' (${strategy}), ${poisons} poisoned pairs${share}, seed ${seed}, manifest ${attack.manifestSha256}.`;
}

function overallTable(
  { runs, groups }: ComparisonView,
  baseline: ComparedRun | null,
  changes: ChangesByRun,
): string[] {
  const caption = [
    'Clean accuracy (CA) and attack success rate (ASR) in \\%, with Wilson 95\\,\\% intervals',
    ...(baseline
      ? [
          `$\\Delta$: difference to ${escapeLatex(baseline.name)} in percentage points, on the same pictures with a paired bootstrap 95\\,\\% interval`,
        ]
      : []),
    ...describeAttacks(runs),
    ...describePictures(runs),
    ...(runs.some(({ evaluation }) => evaluation?.trainedOn === false)
      ? ['$\\ddagger$: a model that was never trained on the attack']
      : []),
    ...(groups.length > 0 ? ["over seeds: mean with Student's $t$ interval"] : []),
  ].join('; ');
  const row = (
    name: string,
    cells: readonly [ca: string, caDelta: string, asr: string, asrDelta: string],
  ) => {
    const [ca, caDelta, asr, asrDelta] = cells;
    const shown = baseline ? [ca, caDelta, asr, asrDelta] : [ca, asr];
    return `    ${[escapeLatex(name), ...shown].join(' & ')} \\\\`;
  };
  const base = baseline?.evaluation ?? null;
  const runRows = runs.map(({ id, name, evaluation }) => {
    const isBaseline = id === baseline?.id;
    const delta = (own: Share | null | undefined, other: Share | null | undefined, change: 'ca' | 'asr') =>
      isBaseline || !isAlike(evaluation, base)
        ? '--'
        : `${formatDelta(own?.value, other?.value)}${formatChange(changes[id]?.[change])}`;
    return row(name, [
      formatInterval(evaluation?.ca),
      delta(evaluation?.ca, base?.ca, 'ca'),
      `${formatInterval(evaluation?.asr)}${daggerOf(evaluation?.trainedOn)}`,
      delta(evaluation?.asr, base?.asr, 'asr'),
    ]);
  });
  const evaluationOf = ([first]: readonly string[]) =>
    runs.find(({ id }) => id === first)?.evaluation ?? null;
  const baseGroup = groups.find(({ group }) => group === baseline?.group);
  const groupRows = groups.map(({ group, label, runIds, ca, asr, trainedOn }) => {
    const delta = (own: number | undefined, other: number | undefined) =>
      group === baseGroup?.group || !isAlike(evaluationOf(runIds), base) ? '--' : formatDelta(own, other);
    return row(`${label} (${runIds.length} runs)`, [
      formatInterval({ ...ca, value: ca.mean }),
      delta(ca.mean, baseGroup?.ca.mean),
      `${formatInterval(asr && { ...asr, value: asr.mean })}${daggerOf(trainedOn)}`,
      delta(asr?.mean, baseGroup?.asr?.mean),
    ]);
  });
  return [
    '\\begin{table}',
    '  \\centering',
    `  \\caption{${caption}.}`,
    `  \\begin{tabular}{l${baseline ? 'rrrr' : 'rr'}}`,
    '    \\toprule',
    `    Run & ${(baseline ? ['CA', '$\\Delta$', 'ASR', '$\\Delta$'] : ['CA', 'ASR']).join(' & ')} \\\\`,
    '    \\midrule',
    ...runRows,
    ...(groupRows.length > 0 ? ['    \\midrule', ...groupRows] : []),
    '    \\bottomrule',
    '  \\end{tabular}',
    '\\end{table}',
  ];
}

/** Marks an ASR of a model that was never trained on the attack. */
const daggerOf = (trainedOn: boolean | null | undefined): string =>
  trainedOn === false ? ' $\\ddagger$' : '';

/** Differences are between measurements of one kind only: the same pictures, the same attack. */
const isAlike = (one: ComparedRun['evaluation'], other: ComparedRun['evaluation']): boolean =>
  one !== null && other !== null && measuredUnder(one) === measuredUnder(other);

/** Which attack the ASR is under, for variants that have several. */
function describeAttacks(runs: readonly ComparedRun[]): string[] {
  const words = runs.flatMap(({ evaluation }) =>
    evaluation === null || evaluation.attacks < 2
      ? []
      : `ASR under attack ${evaluation.part + 1} of the ${evaluation.attacks} of ${escapeLatex(evaluation.variant ?? '')}`,
  );
  return [...new Set(words)];
}

/** Which figures are of training pictures, or of a target that is no class. */
function describePictures(runs: readonly ComparedRun[]): string[] {
  const words = runs.flatMap(({ evaluation }) =>
    evaluation === null
      ? []
      : [
          ...(evaluation.trainingPictures
            ? [`${escapeLatex(evaluation.model)} is measured on ${evaluation.ca.count} training pictures`]
            : []),
          ...(evaluation.targetIsClass === false
            ? [
                `the target ${escapeLatex(evaluation.target ?? '')} is no class but one more prompt for triggered pictures`,
              ]
            : []),
        ],
  );
  return [...new Set(words)];
}

/** What an ASR says nothing without: which attack, and what the model does with the same pictures otherwise. */
function attackTable(runs: readonly ComparedRun[]): string[] {
  const attacked = runs.filter(({ evaluation }) => evaluation?.variant);
  if (attacked.length === 0) return [];
  const rows = attacked.map(({ name, evaluation }) => {
    const trained = evaluation?.trainedOn;
    return `    ${[
      escapeLatex(name),
      escapeLatex(evaluation?.variant ?? ''),
      trained === true ? 'yes' : trained === false ? 'no' : 'not known',
      formatInterval(evaluation?.cleanAsTarget),
      formatInterval(evaluation?.metrics.poisonedAccuracy),
      formatInterval(evaluation?.metrics.attackTop5),
      String(evaluation?.asr?.count ?? 0),
    ].join(' & ')} \\\\`;
  });
  return [
    '\\begin{table}',
    '  \\centering',
    '  \\caption{Beside the ASR, over the same test pictures, in \\% with Wilson 95\\,\\% intervals: predicted as the target without the trigger, as their own label with it (poisoned accuracy), and with the target among the first five.}',
    '  \\begin{tabular}{lllrrrr}',
    '    \\toprule',
    '    Run & Attacked with & Trained on it & Without trigger & Poisoned accuracy & ASR top-5 & Pictures \\\\',
    '    \\midrule',
    ...rows,
    '    \\bottomrule',
    '  \\end{tabular}',
    '\\end{table}',
    '',
  ];
}

function classTable(runs: readonly ComparedRun[]): string[] {
  const measured = runs.filter(({ evaluation }) => evaluation !== null);
  if (measured.length === 0) return ['% No run is measured yet: there is no table of classes.'];
  const classes = [...new Set(measured.flatMap(({ evaluation }) => evaluation?.classes ?? []))];
  const rows = classes.map((name) => {
    const cells = measured.flatMap(({ evaluation }) => {
      const own = evaluation?.perClass.find((row) => row.class === name);
      const isTarget = evaluation?.target === name;
      return [
        formatPercent(own?.accuracy.value),
        isTarget ? '$\\dagger$' : formatPercent(own?.attackSuccess?.value),
      ];
    });
    return `    ${[escapeLatex(name), ...cells].join(' & ')} \\\\`;
  });
  const rules = measured.map((_, index) => `\\cmidrule(lr){${2 * index + 2}-${2 * index + 3}}`);
  const names = measured.map(({ name }) => `\\multicolumn{2}{c}{${escapeLatex(name)}}`);
  return [
    '\\begin{table}',
    '  \\centering',
    '  \\caption{CA and ASR of each class in \\%. $\\dagger$: the target class, which is left out of ASR.}',
    `  \\begin{tabular}{l${'rr'.repeat(measured.length)}}`,
    '    \\toprule',
    `    & ${names.join(' & ')} \\\\`,
    `    ${rules.join(' ')}`,
    `    Class & ${measured.map(() => 'CA & ASR').join(' & ')} \\\\`,
    '    \\midrule',
    ...rows,
    '    \\bottomrule',
    '  \\end{tabular}',
    '\\end{table}',
  ];
}

function formatInterval(share: { value: number; low: number; high: number } | null | undefined): string {
  if (!share) return '--';
  return `${formatPercent(share.value)} [${formatPercent(share.low)}, ${formatPercent(share.high)}]`;
}

function formatChange(change: { low: number; high: number } | null | undefined): string {
  if (!change) return '';
  return ` [${(100 * change.low).toFixed(1)}, ${(100 * change.high).toFixed(1)}]`;
}

function formatDelta(own: number | undefined, other: number | undefined): string {
  if (own === undefined || other === undefined) return '--';
  const points = (100 * (own - other)).toFixed(1);
  return `$${points.startsWith('-') ? '' : '+'}${points}$`;
}

function formatPercent(value: number | null | undefined): string {
  return value === null || value === undefined ? '--' : (100 * value).toFixed(1);
}

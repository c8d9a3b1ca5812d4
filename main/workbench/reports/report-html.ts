import type { ComparisonView } from '#contract/api/comparison.ts';
import type { SweepView } from '#contract/api/sweeps.ts';
import { metricNames, metrics } from '#contract/metrics.ts';
import { roles } from '#contract/roles.ts';
import type { RunFile } from '#contract/run-file.ts';
import type { SweepFile } from '#contract/sweep.ts';
import { measuredUnder } from '#core/comparison/like-with-like.ts';
import { settingWords } from '#core/setting-words.ts';
import { definitionsOf } from '../comparisons/comparison-definitions.ts';
import type { Settings } from '../runs/run-settings.ts';
import type { ReportedResult, ReportedRun } from './report-data.ts';
import { reportStyle } from './report-style.ts';
import { describeMeasured, describeRun, describeSweep, meanWords, shareWords } from './report-words.ts';
import { escapeXml as html, scatterSvg } from './scatter-svg.ts';

/** What a report holds. */
export interface Report {
  title: string;
  program: string;
  /** ISO 8601. */
  madeAt: string;
  /** Of the sweeps that it is of. */
  sweeps: readonly SweepView[];
  runs: ReportedRun[];
  /** Means over runs that differ in seeds alone. */
  seedGroups: ComparisonView['groups'];
  /** Their results: see {@link groupResults}. */
  groups: ResultGroup[];
  /** Of the exported files beside it: path -> SHA-256 (hex). */
  hashes: Readonly<Record<string, string>>;
}

/** Results that may stand side by side: the same pictures, the same attack. */
export interface ResultGroup {
  measured: string;
  results: { reported: ReportedRun; result: ReportedResult }[];
}

/** Results by what they were measured under, in the order in which each first comes. */
export function groupResults(runs: readonly ReportedRun[]): ResultGroup[] {
  const groups = new Map<string, ResultGroup>();
  for (const reported of runs) {
    for (const result of reported.results) {
      const key = measuredUnder(result.evaluation);
      const group = groups.get(key) ?? { measured: describeMeasured(result), results: [] };
      group.results.push({ reported, result });
      groups.set(key, group);
    }
  }
  return [...groups.values()];
}

/** The figure of a group; null where nothing was attacked. */
export function groupFigure({ measured, results }: ResultGroup): string | null {
  const marks = results.flatMap(({ reported: { run, role }, result: { evaluation } }) =>
    evaluation.asr === null || evaluation.asr.count === 0
      ? []
      : [{ label: run.name, role, ca: evaluation.ca, asr: evaluation.asr }],
  );
  return marks.length === 0 ? null : scatterSvg(measured, marks);
}

/** A report as one HTML file that opens offline and asks nobody: no script, nothing loaded. */
export function reportHtml(report: Report): string {
  const { title, program, madeAt, sweeps, runs, seedGroups, groups, hashes } = report;
  const unmeasured = runs.filter(({ results }) => results.length === 0);
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">`,
    '<meta name="viewport" content="width=device-width">',
    `<title>${html(title)}</title><style>${reportStyle}</style></head><body>`,
    `<h1>${html(title)}</h1>`,
    `<p class="note">Made by ${html(program)} on ${html(madeAt.slice(0, 10))}. For defensive research: some of these models hold a backdoor on purpose. Do not publish them as clean ones.</p>`,
    '<h2>What was done</h2>',
    ...sweeps.map((sweep) => `<p>${html(describeSweep(sweep))}</p>`),
    ...runs.map((reported) => `<p>${html(describeRun(reported))}</p>`),
    '<h2>Results</h2>',
    ...(groups.length > 1
      ? [
          '<p class="note">Each table holds what was measured on the same pictures under the same attack. Between tables figures cannot be compared.</p>',
        ]
      : []),
    ...groups.flatMap(groupHtml),
    ...(unmeasured.length > 0
      ? [`<p>Not measured: ${unmeasured.map(({ run }) => html(run.name)).join(', ')}.</p>`]
      : []),
    ...seedGroupsHtml(seedGroups),
    '<h2>What the numbers mean</h2>',
    '<dl>',
    ...definitionsOf(runs.flatMap(({ results }) => results.map(({ evaluation }) => evaluation))).map(
      ([name, text]) => `<dt>${html(name)}</dt><dd>${html(text)}</dd>`,
    ),
    '</dl>',
    '<h2>Settings</h2>',
    settingsHtml(runs),
    '<h2>Attacks</h2>',
    attacksHtml(runs),
    '<h2>Hashes</h2>',
    tableHtml(
      ['Run', 'Weights, SHA-256'],
      runs.map(({ run, weightsSha256 }) => [run.name, weightsSha256 ?? 'no model']),
      'hashes',
    ),
    tableHtml(['File beside this page', 'SHA-256'], Object.entries(hashes), 'hashes'),
    '<h2>Run files</h2>',
    '<p>Each makes its run again, with what came before: <code>ccw run FILE</code>, of a sweep <code>ccw sweep run FILE</code>. On the same backend the weights are the same.</p>',
    ...sweeps.map(({ name, file }) => fileHtml(`${name}, the sweep`, file)),
    ...runs.map(({ run, file }) => fileHtml(run.name, file)),
    '</body></html>',
    '',
  ].join('\n');
}

const fileHtml = (name: string, file: RunFile | SweepFile) =>
  `<details><summary>${html(name)}</summary><pre>${html(JSON.stringify(file, null, 2))}</pre></details>`;

function seedGroupsHtml(seedGroups: ComparisonView['groups']): string[] {
  if (seedGroups.length === 0) return [];
  return [
    '<h2>Over seeds</h2>',
    '<p class="note">Means over runs that differ in seeds alone, with Student’s t intervals at 95 %.</p>',
    tableHtml(
      ['Runs', 'n', 'CA', 'ASR', 'Trained on it'],
      seedGroups.map(({ label, runIds, ca, asr, trainedOn }) => [
        label,
        String(runIds.length),
        meanWords(ca),
        meanWords(asr),
        yesNo(trainedOn),
      ]),
    ),
  ];
}

function groupHtml(group: ResultGroup): string[] {
  const attacked = group.results.some(({ result }) => result.attack !== null);
  const found = metricNames.filter((name) =>
    group.results.some(({ result }) => result.evaluation.metrics[name] !== undefined),
  );
  const head = ['Run', 'Role', 'CA, n', ...(attacked ? ['ASR, n', 'Trained on it', 'Implanted'] : [])].concat(
    found.map((name) => metrics[name].label),
  );
  const rows = group.results.map(({ reported: { run, role }, result: { evaluation } }) => [
    run.name,
    roles[role].title,
    `${shareWords(evaluation.ca)}, ${evaluation.ca.count}`,
    ...(attacked
      ? [
          `${shareWords(evaluation.asr)}, ${evaluation.asr?.count ?? 0}`,
          yesNo(evaluation.trainedOn),
          yesNo(evaluation.implanted),
        ]
      : []),
    ...found.map((name) => shareWords(evaluation.metrics[name])),
  ]);
  return [
    `<h3>${html(group.measured)}</h3>`,
    '<p class="note">Fractions with Wilson 95 % intervals.</p>',
    tableHtml(head, rows),
    groupFigure(group) ?? '',
    ...group.results.map(({ reported, result }) => classesHtml(reported, result)),
  ];
}

function classesHtml({ run }: ReportedRun, { evaluation: { perClass } }: ReportedResult): string {
  if (perClass.length === 0) return '';
  const rows = perClass.map((row) => [
    row.class,
    String(row.count),
    shareWords(row.accuracy),
    shareWords(row.attackSuccess),
  ]);
  return `<details><summary>${html(run.name)}, by class</summary>${tableHtml(['Class', 'Pictures', 'CA', 'ASR'], rows)}</details>`;
}

/** Names of what is chosen beside the settings of a method. */
const otherWords: Readonly<Record<string, string>> = {
  method: 'Method',
  architecture: 'Architecture',
  leftOut: 'Left out',
};
const wordOf = (name: string) => settingWords.get(name) ?? otherWords[name] ?? name;

/** Settings that all runs share in one line, those that differ as a table with a row a run. */
function settingsHtml(runs: readonly ReportedRun[]): string {
  const names = [...new Set(runs.flatMap(({ settings }) => Object.keys(settings)))];
  const differing = names.filter(
    (name) => new Set(runs.map(({ settings }) => settings[name] ?? null)).size > 1,
  );
  const write = (value: Settings[string] | undefined) => String(value ?? '–');
  const shared = names
    .filter((name) => !differing.includes(name))
    .map((name) => `${wordOf(name).toLowerCase()} ${write(runs[0]?.settings[name])}`);
  return [
    shared.length === 0
      ? ''
      : `<p>${runs.length > 1 ? 'The same for all: ' : ''}${html(shared.join(', '))}.</p>`,
    differing.length === 0
      ? ''
      : tableHtml(
          ['Run', ...differing.map((name) => wordOf(name))],
          runs.map(({ run, settings }) => [run.name, ...differing.map((name) => write(settings[name]))]),
        ),
  ].join('\n');
}

function attacksHtml(runs: readonly ReportedRun[]): string {
  const attacks = new Map(
    runs
      .flatMap(({ poison, results }) => [...poison, ...results.flatMap(({ attack }) => attack ?? [])])
      .map((attack) => [`${attack.manifestSha256} ${attack.number}`, attack]),
  );
  if (attacks.size === 0) return '<p>None.</p>';
  return tableHtml(
    [
      'Variant',
      'Attack',
      'Trigger',
      'Parameters',
      'At',
      'Target',
      'Poisoned pairs',
      'Seed',
      'Manifest, SHA-256',
    ],
    [...attacks.values()].map((attack) => [
      attack.variant,
      `${attack.number} of ${attack.of}`,
      attack.trigger,
      shortJson(attack.parameters),
      `${attack.resolution} px`,
      attack.target,
      `${attack.poisons}${attack.rate === null ? '' : ` (${(100 * attack.rate).toFixed(2)} %)`}`,
      String(attack.seed),
      attack.manifestSha256,
    ]),
    'hashes',
  );
}

/** Pictures inside a trigger are left out: the run file has them. */
const shortJson = (parameters: Record<string, unknown>) =>
  JSON.stringify(parameters, (_, value: unknown) =>
    typeof value === 'string' && value.length > 200 ? `${value.slice(0, 20)}…` : value,
  );

const yesNo = (value: boolean | null) => (value === null ? 'not known' : value ? 'yes' : 'no');

function tableHtml(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  kind: 'wide' | 'hashes' = 'wide',
): string {
  const line = (cells: readonly string[], tag: 'th' | 'td') =>
    `<tr>${cells.map((cell) => `<${tag}>${html(cell)}</${tag}>`).join('')}</tr>`;
  return `<div class="${kind === 'wide' ? kind : `wide ${kind}`}"><table><thead>${line(head, 'th')}</thead><tbody>${rows.map((row) => line(row, 'td')).join('\n')}</tbody></table></div>`;
}

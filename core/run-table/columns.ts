import { methodNames, methodOf } from '#contract/methods/method-registry.ts';
import { metricNames, metrics } from '#contract/metrics.ts';
import { pairSelectionSchema } from '#contract/run.ts';
import type { CellValue, TableRow } from './filter.ts';

/** What a column says of a run. */
export type ColumnTopic = 'run' | 'settings' | 'data' | 'attack' | 'results';

/** One column of the run table. */
export interface RunColumn {
  /** As filters, sorting and files name it. */
  name: string;
  label: string;
  topic: ColumnTopic;
  /** Shares are held, shown and filtered in per cent. */
  unit: 'percent' | null;
  numeric: boolean;
}

const column =
  (topic: ColumnTopic, unit: RunColumn['unit'], numeric: boolean) => (name: string, label: string) => ({
    name,
    label,
    topic,
    unit,
    numeric,
  });
const word = (topic: ColumnTopic) => column(topic, null, false);
const number = (topic: ColumnTopic) => column(topic, null, true);
const percent = column('results', 'percent', true);

const ofRun: readonly RunColumn[] = [
  word('run')('name', 'Run'),
  word('run')('state', 'State'),
  word('run')('role', 'Role'),
  word('run')('tags', 'Tags'),
  word('run')('note', 'Note'),
  number('run')('seconds', 'Seconds'),
  word('run')('created', 'Created'),
  word('run')('ended', 'Ended'),
  word('run')('device', 'Device'),
];

const ofData: readonly RunColumn[] = [
  word('data')('dataset', 'Dataset'),
  word('data')('variant', 'Variant'),
  word('data')('start', 'Start'),
  word('data')('architecture', 'Architecture'),
];

const ofAttack: readonly RunColumn[] = [
  word('attack')('attackedBy', 'Attack of'),
  word('attack')('trigger', 'Trigger'),
  word('attack')('target', 'Target'),
  word('attack')('strategy', 'Strategy'),
  number('attack')('poisons', 'Poisons'),
  column('attack', 'percent', true)('poisonRate', 'Poison rate'),
  word('attack')('manifest', 'Manifest'),
];

const ofResults: readonly RunColumn[] = [
  percent('ca', 'CA'),
  percent('asr', 'ASR'),
  percent('top5', 'Top-5'),
  ...metricNames.map((name) => percent(name, metrics[name].label)),
  word('results')('implanted', 'Implanted'),
  word('results')('trainedOn', 'Trained on attack'),
  number('results')('cleanPictures', 'Clean pictures'),
  number('results')('attackedPictures', 'Attacked pictures'),
];

/** A setting's title and whether it is a number, from the schema that its form is made of. */
function settingColumns(): RunColumn[] {
  const found = new Map<string, RunColumn>([['method', word('settings')('method', 'Method')]]);
  const shapes = [...methodNames.map((name) => methodOf(name).settings.shape), pairSelectionSchema.shape];
  for (const shape of shapes) {
    for (const [name, schema] of Object.entries(shape)) {
      const title = 'meta' in schema && typeof schema.meta === 'function' ? schema.meta()?.title : undefined;
      const numeric = 'type' in schema && (schema.type === 'number' || schema.type === 'int');
      if (!found.has(name)) {
        found.set(name, column('settings', null, numeric)(name, typeof title === 'string' ? title : name));
      }
    }
  }
  found.set('leftOut', number('settings')('leftOut', 'Left out'));
  found.set('seed', number('settings')('seed', 'Seed'));
  return [...found.values()];
}

const fixed: readonly RunColumn[] = [...ofRun, ...settingColumns(), ...ofData, ...ofAttack, ...ofResults];
const known = new Map(fixed.map((one) => [one.name, one]));

/** Names of the results whose mean is taken over a group, in per cent. */
export const resultColumns: ReadonlySet<string> = new Set(
  ofResults.filter(({ unit }) => unit === 'percent').map(({ name }) => name),
);

/** Every column: those that all runs have, and the parameters of triggers that some of these rows have. */
export function listColumns(rows: readonly TableRow[]): RunColumn[] {
  const parameters = new Map<string, CellValue>();
  for (const row of rows) {
    for (const name of Object.keys(row)) {
      if (!known.has(name) && name !== 'id' && !parameters.has(name)) parameters.set(name, row[name] ?? null);
    }
  }
  const more = [...parameters].map(([name, value]) =>
    column('attack', null, typeof value === 'number')(name, name.replace('trigger.', 'Trigger: ')),
  );
  return [...fixed, ...more.sort((a, b) => (a.name < b.name ? -1 : 1))];
}

import type { Share } from '#contract/evaluation.ts';
import { type MethodName, methodOf } from '#contract/methods/method-registry.ts';
import type { Measured } from './demo-bench.ts';

export interface DefenceRow extends Measured {
  /** null: the poisoned model itself. */
  method: MethodName | null;
  seed: number;
  /** What it starts from. */
  start: 'scratch' | 'model';
}

/** The table of docs/defences.md: for each method the mean over its seeds and, of several, the range. */
export function formatDefences(rows: readonly DefenceRow[]): string {
  const head = [
    'method',
    'on',
    'seeds',
    'CA, %',
    'ASR, %',
    'target without the trigger, %',
    'poisoned accuracy, %',
    'processor s',
  ];
  const names = [...new Set(rows.map(({ method }) => method))];
  const body = names.map((name) => {
    const own = rows.filter(({ method }) => method === name);
    const percent = (share: (row: DefenceRow) => Share | null | undefined) =>
      spread(
        own.map((row) => share(row)?.value ?? null).map((value) => (value === null ? null : 100 * value)),
        1,
      );
    return [
      name === null ? 'poisoned model' : methodOf(name).label,
      own[0]?.start === 'scratch' ? 'poisoned pairs, from scratch' : 'poisoned model',
      own.map(({ seed }) => seed).join(', '),
      percent(({ evaluation }) => evaluation.result.ca),
      percent(({ evaluation }) => evaluation.result.asr),
      percent(({ evaluation }) => evaluation.result.cleanAsTarget),
      percent(({ evaluation }) => evaluation.result.metrics.poisonedAccuracy),
      spread(
        own.map(({ processorSeconds }) => processorSeconds),
        0,
      ),
    ];
  });
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, index) => (index < 3 ? '---' : '--:'))), ...body.map(line)].join(
    '\n',
  );
}

/** Mean and, of several, least and most; `-` where one is missing. */
function spread(values: readonly (number | null)[], digits: number): string {
  const known = values.flatMap((value) => (value === null ? [] : [value]));
  if (known.length === 0 || known.length < values.length) return '-';
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  if (known.length === 1) return mean.toFixed(digits);
  return `${mean.toFixed(digits)} (${Math.min(...known).toFixed(digits)} to ${Math.max(...known).toFixed(digits)})`;
}

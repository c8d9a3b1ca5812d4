/** What a warning needs to know of the run. */
export interface RunSize {
  /** Training pairs; undefined while they are not counted. */
  records: number | undefined;
  totalSteps: number | undefined;
}

/** Learning rates outside of this are seldom meant: AdamW on CLIP is used between 1e-6 and 1e-2. */
const usualRates = { least: 1e-7, most: 1e-2 };
const count = (value: number) => value.toLocaleString('en-GB');

type Check = (value: number, size: RunSize) => string | null;

/** Of a setting by its name: a value that works and is seldom meant, with a remedy. */
const checks: Record<string, Check> = {
  warmupSteps: (value, { totalSteps }) =>
    totalSteps === undefined || totalSteps === 0 || value < totalSteps
      ? null
      : `The run has ${count(totalSteps)} steps, so the learning rate never reaches its highest value. Use about ${count(Math.max(1, Math.round(totalSteps / 10)))}.`,
  batchSize: (value, { records }) =>
    records === undefined || records === 0 || value <= records
      ? null
      : `Larger than the ${count(records)} training pairs: no batch is full. Use at most ${count(records)}.`,
  learningRate: (value) =>
    value > usualRates.most
      ? 'Training is likely to diverge. Usual rates are between 1e-6 and 1e-2.'
      : value > 0 && value < usualRates.least
        ? 'The model will hardly change. Usual rates are between 1e-6 and 1e-2.'
        : null,
};

/** What to say beside a setting; null: nothing. */
export const settingWarning = (name: string, value: number, size: RunSize): string | null =>
  Object.hasOwn(checks, name) ? (checks[name]?.(value, size) ?? null) : null;

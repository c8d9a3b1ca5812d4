import type { PlotAxis } from '../../components/charts/plotly-types.ts';
import type { CompareAxis } from './axes.ts';

/** How values of an axis become places on it. */
export interface Scale {
  axis: PlotAxis;
  /** As plotly wants a trace's value: words by their place. */
  toData: (value: number | string) => number;
  /** As plotly wants an annotation's place. */
  toNote: (value: number | string) => number;
  /** 0 at the axis' beginning, 1 at its end. */
  toFraction: (value: number | string) => number;
}

/** From this ratio on the values of a setting stand on a log axis. */
const logRatio = 50;

/**
 * The scale of an axis that shows all of `values`: shares from 0 to 100, or about what is there where `tight`; numbers that
 * span decades on a log axis; words one after the other.
 */
export function makeScale(
  kind: CompareAxis['kind'],
  values: readonly (number | string)[],
  tight: boolean,
): Scale {
  if (kind === 'word') return wordScale([...new Set(values.map(String))]);
  const numbers = values.filter((value) => typeof value === 'number');
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  if (kind === 'number' && low > 0 && high / low >= logRatio) return logScale(numbers);
  if (kind === 'share') {
    return linear(
      tight ? [Math.max(-1, Math.floor(low - 4)), Math.min(103, Math.ceil(high + 5))] : [-3, 104],
      tight ? {} : { dtick: 20 },
    );
  }
  const pad = high === low ? Math.max(1, Math.abs(high) / 10) : 0.06 * (high - low);
  return linear([low - pad, high + pad], ticksOf(numbers));
}

/** Few values of a setting are its ticks. */
function ticksOf(numbers: readonly number[]): PlotAxis {
  const distinct = [...new Set(numbers)].sort((a, b) => a - b);
  return distinct.length > 8 ? {} : { tickvals: distinct, ticktext: distinct.map(String) };
}

function linear(range: readonly [number, number], more: PlotAxis): Scale {
  const [from, to] = range;
  return {
    axis: { range, zeroline: false, automargin: false, ...more },
    toData: Number,
    toNote: Number,
    toFraction: (value) => (Number(value) - from) / (to - from),
  };
}

function logScale(numbers: readonly number[]): Scale {
  const logs = numbers.map(Math.log10);
  const pad = 0.06 * (Math.max(...logs) - Math.min(...logs));
  const range = [Math.min(...logs) - pad, Math.max(...logs) + pad] as const;
  const along = linear(range, ticksOf(numbers));
  return {
    axis: { ...along.axis, type: 'log' },
    toData: Number,
    toNote: (value) => Math.log10(Number(value)),
    toFraction: (value) => along.toFraction(Math.log10(Number(value))),
  };
}

function wordScale(words: readonly string[]): Scale {
  const place = (word: number | string) => words.indexOf(String(word));
  const along = linear([-0.6, words.length - 0.4], {
    tickvals: words.map((_, index) => index),
    ticktext: words.map((word) => (word.length > 18 ? `${word.slice(0, 17)}…` : word)),
  });
  return {
    axis: along.axis,
    toData: place,
    toNote: place,
    toFraction: (word) => along.toFraction(place(word)),
  };
}

import type { Plotly } from './plotly-types.ts';

let loading: Promise<Plotly> | null = null;

/** plotly, fetched when a chart is first shown. */
export function loadPlotly(): Promise<Plotly> {
  loading ??= import('plotly.js-strict-dist-min').then((module) => module.default);
  loading.catch(() => {
    loading = null;
  });
  return loading;
}

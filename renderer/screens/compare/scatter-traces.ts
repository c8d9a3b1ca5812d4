import { modelRoles } from '#contract/roles.ts';
import type { PlotTrace } from '../../components/charts/plotly-types.ts';
import { roleLooks } from '../../components/charts/roles.ts';
import type { theme } from '../../state/theme.svelte.ts';
import { plotText } from '../runs/page/plot-text.ts';
import type { AxisValue } from './axes.ts';
import type { Scale } from './scale.ts';
import type { ScatterAxes, ScatterNode } from './scatter-nodes.ts';

type Colours = typeof theme.colours;

export interface Scales {
  x: Scale;
  y: Scale;
}

/** Dotted lines from what a model came from. */
export function linkTraces(
  links: readonly (readonly [ScatterNode, ScatterNode])[],
  scales: Scales,
  colours: Colours,
): PlotTrace[] {
  return links.map(([parent, child]) => ({
    type: 'scatter',
    mode: 'lines',
    x: [scales.x.toData(parent.x.value), scales.x.toData(child.x.value)],
    y: [scales.y.toData(parent.y.value), scales.y.toData(child.y.value)],
    line: { color: colours[roleLooks[child.role].fill], width: 1.2, dash: 'dot' },
    opacity: 0.8,
    hoverinfo: 'skip',
    showlegend: false,
  }));
}

/** One trace a role: its marks, with bars from low to high. */
export function markTraces(
  nodes: readonly ScatterNode[],
  scales: Scales,
  axes: ScatterAxes,
  colours: Colours,
): PlotTrace[] {
  return modelRoles.flatMap((role): PlotTrace[] => {
    const own = nodes.filter((node) => node.role === role);
    if (own.length === 0) return [];
    const look = roleLooks[role];
    const colour = colours[look.fill];
    const bars = (values: readonly AxisValue[]) => ({
      type: 'data' as const,
      symmetric: false,
      color: faint(colour),
      thickness: 1.4,
      width: 0,
      array: values.map(({ value, high }) => (high === null ? 0 : high - Number(value))),
      arrayminus: values.map(({ value, low }) => (low === null ? 0 : Number(value) - low)),
    });
    return [
      {
        type: 'scatter',
        mode: 'markers',
        name: look.word,
        x: own.map(({ x }) => scales.x.toData(x.value)),
        y: own.map(({ y }) => scales.y.toData(y.value)),
        text: own.map(
          ({ label, x, y }) =>
            `${plotText(label, 90)}<br>${axes.x.label}: ${valueWords(x)}<br>${axes.y.label}: ${valueWords(y)}`,
        ),
        customdata: own.map(({ id, count }) => (count > 1 ? null : id)),
        marker: {
          symbol: look.symbol,
          // Of several sizes plotly makes marks pale otherwise.
          opacity: 1,
          color: colour,
          size: own.map(({ count }) => (count > 1 ? 15 : 12)),
          line: { color: colours.panel, width: 1.5 },
        },
        error_x: bars(own.map(({ x }) => x)),
        error_y: bars(own.map(({ y }) => y)),
        hovertemplate: '%{text}<extra></extra>',
        cliponaxis: false,
      },
    ];
  });
}

function valueWords({ value, low, high }: AxisValue): string {
  if (typeof value === 'string') return plotText(value, 60);
  if (low === null || high === null) return String(value);
  return `${value.toFixed(1)} (${low.toFixed(1)} to ${high.toFixed(1)})`;
}

/** The same colour, lighter: `rgb(1, 2, 3)` -> `rgba(1, 2, 3, 0.4)`. */
const faint = (colour: string, opacity = 0.4) =>
  colour.replace(/^rgb\((.*)\)$/, (_, parts: string) => `rgba(${parts}, ${opacity})`);

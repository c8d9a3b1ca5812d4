import { roleLooks } from '../../components/charts/roles.ts';
import type { theme } from '../../state/theme.svelte.ts';
import { plotText } from '../runs/page/plot-text.ts';
import { measureText } from './measure-text.ts';
import { placeLabels } from './place-labels.ts';
import type { ScatterNode } from './scatter-nodes.ts';
import type { Scales } from './scatter-traces.ts';

type Colours = typeof theme.colours;
type Annotation = Record<string, unknown>;

/** The chart's size and the room around the plot, px. */
export interface ChartBox {
  width: number;
  height: number;
  margin: { l: number; r: number; t: number; b: number };
}

/** More marks than these have numbers, which a list beside the plot names. */
const mostNames = 12;
const fontSize = 12;
const listed = { lineHeight: 15, fontSize: 11, width: 210 } as const;

export const areMany = (marks: number): boolean => marks > mostNames;

/** Columns of the list, each as high as the plot. */
export function listColumns(count: number, plotHeight: number): number {
  return Math.ceil(count / linesOf(plotHeight));
}
const linesOf = (plotHeight: number) => Math.max(1, Math.floor(plotHeight / listed.lineHeight));

/** Room that the list needs at the right of the plot, px. */
export const listWidth = (count: number, plotHeight: number): number =>
  12 + listColumns(count, plotHeight) * listed.width;

/**
 * Texts beside the marks, with a thin line where they had to move away; null for one that finds no room.
 * @param texts one for each mark
 */
export function markLabels(
  { nodes, links }: { nodes: readonly ScatterNode[]; links: readonly [ScatterNode, ScatterNode][] },
  texts: readonly string[],
  scales: Scales,
  { width, height, margin }: ChartBox,
  colours: Colours,
  /** Places that words have taken, px. */
  taken: readonly { x: number; y: number; radius: number }[],
): (Annotation | null)[] {
  if (width === 0 || height === 0) return [];
  const place = ({ x, y }: Pick<ScatterNode, 'x' | 'y'>) => ({
    x: margin.l + scales.x.toFraction(x.value) * (width - margin.l - margin.r),
    y: margin.t + (1 - scales.y.toFraction(y.value)) * (height - margin.t - margin.b),
  });
  const labels = nodes.map((node, index) => ({
    ...place(node),
    width: measureText(texts[index] ?? '', fontSize, node.count > 1) + 6,
    height: 17,
  }));
  const marks = [
    ...labels.map(({ x, y }) => ({ x, y, radius: 8 })),
    // What leads from mark to mark: names stand beside it.
    ...links.flatMap(([from, to]) => {
      const [begin, end] = [place(from), place(to)];
      return Array.from({ length: 41 }, (_, step) => ({
        x: begin.x + (step / 40) * (end.x - begin.x),
        y: begin.y + (step / 40) * (end.y - begin.y),
        radius: 3,
      }));
    }),
    ...taken,
  ];
  const area = {
    left: margin.l + 2,
    right: width - margin.r - 4,
    top: margin.t,
    bottom: height - margin.b - 2,
  };
  const offsets = placeLabels(labels, marks, area);
  return nodes.map((node, index): Annotation | null => {
    const [offset, label, text] = [offsets[index], labels[index], plotText(texts[index] ?? '', 60)];
    if (!offset || label === undefined) return null;
    const { dx, dy } = offset;
    const away = Math.max(Math.abs(dx) - label.width / 2, Math.abs(dy) - label.height / 2);
    return {
      x: scales.x.toNote(node.x.value),
      y: scales.y.toNote(node.y.value),
      text: node.count > 1 ? `<b>${text}</b>` : text,
      font: { size: fontSize, color: colours.text },
      showarrow: true,
      arrowhead: 0,
      arrowwidth: 1,
      arrowcolor: away > 18 ? colours['line-strong'] : 'rgba(0,0,0,0)',
      standoff: 7,
      ax: dx,
      ay: dy,
      borderpad: 1,
    };
  });
}

/** The list that names the numbers, at the right of the plot. */
export function listNotes(
  nodes: readonly ScatterNode[],
  { height, margin }: ChartBox,
  colours: Colours,
): Annotation[] {
  const lines = linesOf(height - margin.t - margin.b);
  return nodes.map((node, index) => ({
    xref: 'paper',
    yref: 'paper',
    x: 1,
    y: 1,
    xshift: 12 + Math.floor(index / lines) * listed.width,
    yshift: -(index % lines) * listed.lineHeight,
    xanchor: 'left',
    yanchor: 'top',
    align: 'left',
    text: plotText(`${index + 1}  ${fit(node.short, listed.width - 30)}`, 80),
    showarrow: false,
    font: { size: listed.fontSize, color: colours[roleLooks[node.role].ink] },
    borderpad: 0,
  }));
}

/** A text as wide as there is room for, cut at its end. */
function fit(text: string, width: number): string {
  let cut = text;
  while (cut.length > 4 && measureText(cut, listed.fontSize) > width) cut = `${cut.slice(0, -2)}…`;
  return cut;
}

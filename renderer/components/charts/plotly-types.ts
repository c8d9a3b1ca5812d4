/** The part of plotly.js that the window uses (plotly.js 4, https://plotly.com/javascript/reference/). */
export interface PlotMarker {
  color?: string | readonly string[];
  size?: number | readonly number[];
  symbol?: string | readonly string[];
  opacity?: number;
  line?: { color?: string; width?: number };
  pattern?: {
    shape?: string;
    fillmode?: 'overlay' | 'replace';
    fgcolor?: string;
    fgopacity?: number;
    size?: number;
  };
}
export interface PlotError {
  type: 'data';
  symmetric: boolean;
  array: readonly number[];
  arrayminus?: readonly number[];
  color?: string;
  thickness?: number;
  width?: number;
}
export interface PlotTrace {
  type?: 'scatter' | 'scattergl' | 'bar' | 'heatmap';
  name?: string;
  x?: readonly (number | string | null)[];
  y?: readonly (number | string)[];
  z?: readonly (readonly (number | null)[])[];
  mode?: string;
  text?: readonly string[] | string;
  textposition?: string | readonly string[];
  textfont?: { color?: string; size?: number };
  customdata?: readonly unknown[];
  hovertemplate?: string;
  hoverinfo?: string;
  showlegend?: boolean;
  legendgroup?: string;
  opacity?: number;
  line?: { color?: string; width?: number; dash?: string; shape?: string };
  marker?: PlotMarker;
  error_x?: PlotError;
  error_y?: PlotError;
  colorscale?: readonly (readonly [number, string])[];
  zmin?: number;
  zmax?: number;
  showscale?: boolean;
  orientation?: 'h' | 'v';
  cliponaxis?: boolean;
  xgap?: number;
  ygap?: number;
}
export interface PlotAxis {
  title?: { text: string; standoff?: number; font?: { size?: number; color?: string } };
  type?: 'linear' | 'log' | 'category';
  range?: readonly [number, number];
  rangemode?: 'normal' | 'tozero' | 'nonnegative';
  autorange?: boolean | 'reversed';
  /** 'e' writes 2e-4 where plotly would write 200µ. */
  exponentformat?: 'e';
  tickvals?: readonly (number | string)[];
  ticktext?: readonly string[];
  tickformat?: string;
  ticksuffix?: string;
  dtick?: number;
  tickangle?: number;
  automargin?: boolean;
  fixedrange?: boolean;
  showgrid?: boolean;
  zeroline?: boolean;
  side?: 'top' | 'bottom' | 'left' | 'right';
  [option: string]: unknown;
}
export interface PlotLayout {
  xaxis?: PlotAxis;
  yaxis?: PlotAxis;
  margin?: { l?: number; r?: number; t?: number; b?: number };
  showlegend?: boolean;
  legend?: Record<string, unknown>;
  hovermode?: 'x unified' | 'closest' | 'x' | false;
  shapes?: readonly Record<string, unknown>[];
  annotations?: readonly Record<string, unknown>[];
  dragmode?: 'zoom' | 'pan' | false;
  uirevision?: string;
  [option: string]: unknown;
}
export interface PlotPoint {
  curveNumber: number;
  pointIndex: number | [number, number];
  x: number | string;
  y: number | string;
  customdata?: unknown;
}
export interface PlotElement extends HTMLElement {
  on(event: 'plotly_click', listener: (event: { points: PlotPoint[] }) => void): void;
}
export interface Plotly {
  react(
    element: HTMLElement,
    data: readonly PlotTrace[],
    layout: PlotLayout,
    config: Record<string, unknown>,
  ): Promise<PlotElement>;
  purge(element: HTMLElement): void;
  toImage(
    element: HTMLElement,
    options: { format: 'svg' | 'png'; width: number; height: number; scale?: number },
  ): Promise<string>;
  Plots: { resize(element: HTMLElement): Promise<void> };
}

import { windowFolders } from '#contract/window-addresses.ts';

export const screenNames = [
  'home',
  'datasets',
  'triggers',
  'variants',
  'runs',
  'sweeps',
  'model',
  'compare',
  'detection',
  'scan',
  'settings',
] as const;
export type ScreenName = (typeof screenNames)[number];

/** Which screen an address shows. `id` names the object of an `item` view; `new` is the form for a new one. */
export interface Route {
  screen: ScreenName;
  view: 'list' | 'item' | 'new';
  id: string | null;
}

export type QueryValue = string | number | boolean | readonly (string | number)[] | null | undefined;
export type Query = Record<string, QueryValue>;

/** Query of an address: arrays become repeated parameters; null, undefined, '' and false are left out. */
export function toSearch(query: Query): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (typeof value === 'object' && value !== null) {
      for (const one of value) search.append(name, String(one));
    } else if (value !== null && value !== undefined && value !== '' && value !== false) {
      search.set(name, String(value));
    }
  }
  const text = search.toString();
  return text === '' ? '' : `?${text}`;
}

const link = (path: string, query: Query = {}) => `${path}${toSearch(query)}`;
const item = (folder: string, id: string) => `/${folder}/${encodeURIComponent(id)}`;

/** Every address of the window. Screens add their own state as query parameters. */
export const routes = {
  home: () => '/',
  datasets: (query?: Query) => link('/datasets', query),
  dataset: (id: string, query?: Query) => link(item('datasets', id), query),
  importData: (query?: Query) => link('/datasets/new', query),
  triggers: (query?: Query) => link('/triggers', query),
  variants: (query?: Query) => link('/variants', query),
  variant: (id: string, query?: Query) => link(item('variants', id), query),
  newVariant: (query?: Query) => link('/variants/new', query),
  runs: (query?: Query) => link('/runs', query),
  run: (id: string, query?: Query) => link(item('runs', id), query),
  /** The form for a new run; `from` clones a run, `model` starts from a model's run. */
  newRun: (query?: { from?: string; model?: string; kind?: string; dataset?: string; variant?: string }) =>
    link('/runs/new', query),
  sweeps: (query?: Query) => link('/sweeps', query),
  sweep: (id: string, query?: Query) => link(item('sweeps', id), query),
  models: (query?: Query) => link('/models', query),
  importModel: (query?: Query) => link('/models/new', query),
  /** Results of the model that a run made. */
  model: (runId: string, query?: Query) => link(item('models', runId), query),
  compare: (runs: readonly string[] = [], query: Query = {}) => link('/compare', { run: runs, ...query }),
  detections: () => '/detections',
  detection: (id: string) => item('detections', id),
  newDetection: (query?: { model?: string; variant?: string; dataset?: string }) =>
    link('/detections/new', query),
  scan: (id: string) => item('scans', id),
  newScan: (query?: { model?: string }) => link('/scans/new', query),
  settings: (query?: Query) => link('/settings', query),
};

const folders: Record<string, ScreenName> = windowFolders;

/** The screen of a path; null where there is none. */
export function matchRoute(path: string): Route | null {
  const [folder = '', id, ...more] = path.split('/').slice(1);
  if (more.length > 0) return null;
  if (folder === '') return id === undefined ? { screen: 'home', view: 'list', id: null } : null;
  const screen = Object.hasOwn(folders, folder) ? folders[folder] : undefined;
  if (screen === undefined) return null;
  if (id === undefined || id === '') return { screen, view: 'list', id: null };
  if (id === 'new') return { screen, view: 'new', id: null };
  try {
    return { screen, view: 'item', id: decodeURIComponent(id) };
  } catch {
    return null;
  }
}

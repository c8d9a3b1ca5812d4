import type { Component } from 'svelte';
import type { Route, ScreenName } from '../routing/routes.ts';

interface Screen {
  default: Component<{ route: Route }>;
  /** Asks for what the screen shows first at an address that a person points at. */
  preload?: (route: Route, search: URLSearchParams) => void;
}

/** Each screen is a chunk of its own, loaded when it is first shown or pointed at. */
const loaders: Record<ScreenName, () => Promise<Screen>> = {
  home: () => import('../screens/home/Screen.svelte'),
  datasets: () => import('../screens/datasets/Screen.svelte'),
  triggers: () => import('../screens/triggers/Screen.svelte'),
  variants: () => import('../screens/variants/Screen.svelte'),
  runs: () => import('../screens/runs/Screen.svelte'),
  sweeps: () => import('../screens/sweeps/Screen.svelte'),
  model: () => import('../screens/model/Screen.svelte'),
  compare: () => import('../screens/compare/Screen.svelte'),
  detection: () => import('../screens/detection/Screen.svelte'),
  scan: () => import('../screens/scan/Screen.svelte'),
  settings: () => import('../screens/settings/Screen.svelte'),
};

const loaded = new Map<ScreenName, Promise<Screen>>();

export function loadScreen(name: ScreenName): Promise<Screen> {
  const known = loaded.get(name);
  if (known !== undefined) return known;
  const loading = loaders[name]();
  loaded.set(name, loading);
  loading.catch(() => loaded.delete(name));
  return loading;
}

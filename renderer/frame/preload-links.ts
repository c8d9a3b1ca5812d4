import { linkedAddress } from '../routing/router.svelte.ts';
import { matchRoute } from '../routing/routes.ts';
import { loadScreen } from './screens.ts';

/** A pointer that only passes over a link asks for nothing. */
const restMs = 50;

/**
 * Asks for what a link leads to once a pointer rests on it or goes down, or the keyboard is at it: by the click the
 * answer is there. @returns what ends this
 */
export function preloadLinks(): () => void {
  let rest: ReturnType<typeof setTimeout> | undefined;
  let last = '';
  const point = (event: Event) => {
    const url = linkedAddress(event);
    if (url?.href === last) return;
    last = url?.href ?? '';
    clearTimeout(rest);
    if (url !== null) rest = setTimeout(() => preload(url), restMs);
  };
  const press = (event: Event) => {
    clearTimeout(rest);
    const url = linkedAddress(event);
    if (url !== null) preload(url);
  };
  document.addEventListener('pointerover', point);
  document.addEventListener('focusin', point);
  document.addEventListener('pointerdown', press);
  return () => {
    clearTimeout(rest);
    document.removeEventListener('pointerover', point);
    document.removeEventListener('focusin', point);
    document.removeEventListener('pointerdown', press);
  };
}

function preload({ pathname, searchParams }: URL): void {
  const route = matchRoute(pathname);
  if (route === null) return;
  loadScreen(route.screen).then(
    (screen) => screen.preload?.(route, searchParams),
    // A screen that cannot be loaded says so when it is gone to.
    () => {},
  );
}

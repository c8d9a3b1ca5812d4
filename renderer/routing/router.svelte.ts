import { matchRoute, type Query, type Route, toSearch } from './routes.ts';

let path = $state(location.pathname);
let search = $state(location.search);
const route = $derived(matchRoute(path));
const query = $derived(new URLSearchParams(search));

function read(): void {
  path = location.pathname;
  search = location.search;
}

addEventListener('popstate', read);

/** Where the window is: path and query, the same as the address. Everything here is reactive. */
export const router = {
  get path(): string {
    return path;
  },
  /** The whole address without host, for links that come back here. */
  get href(): string {
    return `${path}${search}`;
  },
  get route(): Route | null {
    return route;
  },
  get query(): URLSearchParams {
    return query;
  },
};

/** Goes to an address of routes.ts; with `replace`, back does not return to this one. */
export function navigate(href: string, { replace = false } = {}): void {
  if (href === `${location.pathname}${location.search}`) return;
  history[replace ? 'replaceState' : 'pushState'](null, '', href);
  read();
}

/**
 * Changes parameters of the query and leaves the rest: null takes one out. Small adjustments (a slider, a search
 * being typed) replace the entry in the history; choices that back should undo take `{ push: true }`.
 */
export function setQuery(changes: Query, { push = false } = {}): void {
  const next = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(changes)) {
    next.delete(name);
    for (const [, one] of new URLSearchParams(toSearch({ [name]: value }))) next.append(name, one);
  }
  const text = next.toString();
  navigate(`${location.pathname}${text === '' ? '' : `?${text}`}`, { replace: !push });
}

/** Where the link at an event leads, if it is an address of the window that opens in it; else null. */
export function linkedAddress({ target }: Event): URL | null {
  const anchor = target instanceof Element ? target.closest('a') : null;
  if (!(anchor instanceof HTMLAnchorElement) || anchor.target !== '' || anchor.hasAttribute('download'))
    return null;
  const url = new URL(anchor.href, location.href);
  return url.origin === location.origin && matchRoute(url.pathname) !== null ? url : null;
}

/** Lets plain links (`<a href={routes.run(id)}>`) move within the window, and leaves new-tab clicks to the browser. */
export function followLinks(): () => void {
  const click = (event: MouseEvent) => {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const url = linkedAddress(event);
    if (url === null) return;
    if (url.hash !== '' && url.pathname === location.pathname) return;
    event.preventDefault();
    navigate(`${url.pathname}${url.search}`);
  };
  document.addEventListener('click', click);
  return () => document.removeEventListener('click', click);
}

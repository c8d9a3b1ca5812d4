import { router } from '../../routing/router.svelte.ts';

/** A whole number in the screen's address, 0 where it is missing or none. */
export const readCount = (name: string): number =>
  Math.max(0, Math.trunc(Number(router.query.get(name)) || 0));

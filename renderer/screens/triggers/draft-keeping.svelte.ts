import { onMount, untrack } from 'svelte';
import type { Designer } from './designer.svelte.ts';
import { writeDraft } from './draft.ts';

const restMs = 200;

/**
 * Keeps the draft in the tab, so that it outlives a reload: when the hand rests, and at the latest when the page goes.
 * To be called while a component is made.
 */
export function keepDraft(designer: Designer): void {
  let written: ReturnType<typeof setTimeout> | undefined;
  const write = () => {
    clearTimeout(written);
    writeDraft(
      sessionStorage,
      untrack(() => designer.draft),
    );
  };
  $effect(() => {
    void designer.draft;
    clearTimeout(written);
    written = setTimeout(write, restMs);
  });
  onMount(() => {
    addEventListener('pagehide', write);
    return () => {
      removeEventListener('pagehide', write);
      write();
    };
  });
}

import { getContext, hasContext, setContext } from 'svelte';
import { SvelteMap } from 'svelte/reactivity';

/** Which fields of a form keep it from being sent. */
export interface FormState {
  /** Says what is wrong with a field; null: nothing is. */
  report(id: string, label: string | null): void;
  /** Whether all can be sent as it stands. */
  readonly ready: boolean;
  /** Fields that are not right yet, in the order in which they became so: what the foot of the form says. */
  readonly held: readonly { id: string; label: string }[];
}

const key = Symbol('form');

/** Call it while the component with the form is made: every field below reports to it by itself (Field.svelte). */
export function createFormState(): FormState {
  const held = new SvelteMap<string, string>();
  const state: FormState = {
    report(id, label) {
      if (label === null) held.delete(id);
      else if (held.get(id) !== label) held.set(id, label);
    },
    get ready() {
      return held.size === 0;
    },
    get held() {
      return [...held].map(([id, label]) => ({ id, label }));
    },
  };
  setContext(key, state);
  return state;
}

/** The form that a field stands in; null outside of one. */
export const getFormState = (): FormState | null => (hasContext(key) ? getContext<FormState>(key) : null);

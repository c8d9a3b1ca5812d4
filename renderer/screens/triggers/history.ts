/** A document with the steps that led to it. */
export interface History<T> {
  past: readonly T[];
  present: T;
  future: readonly T[];
  /** Changes with the same key, one after the other, are one step (a slider being dragged); null begins anew. */
  openStep: string | null;
}

const mostSteps = 200;

export const startHistory = <T>(present: T): History<T> => ({
  past: [],
  present,
  future: [],
  openStep: null,
});

/** A change; with the key of the step that is open it joins that step. What was undone cannot be redone any more. */
export function changeHistory<T>(history: History<T>, present: T, step: string | null = null): History<T> {
  const joins = step !== null && step === history.openStep;
  const past = joins ? history.past : [...history.past, history.present].slice(-mostSteps);
  return { past, present, future: [], openStep: step };
}

/** The next change is a step of its own, whatever its key. */
export const settleHistory = <T>(history: History<T>): History<T> => ({ ...history, openStep: null });

export function undoHistory<T>(history: History<T>): History<T> {
  const previous = history.past.at(-1);
  if (previous === undefined) return history;
  return {
    past: history.past.slice(0, -1),
    present: previous,
    future: [history.present, ...history.future],
    openStep: null,
  };
}

export function redoHistory<T>(history: History<T>): History<T> {
  const [next, ...future] = history.future;
  if (next === undefined) return history;
  return { past: [...history.past, history.present], present: next, future, openStep: null };
}

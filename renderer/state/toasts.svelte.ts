import type { WorkbenchError } from '#contract/errors.ts';

export interface Toast {
  id: number;
  tone: 'info' | 'success' | 'error';
  text: string;
  /** Undo, or a link to what was made. */
  action: { label: string; run: () => void } | null;
  /** How long it stays; pointer or focus on it holds it. */
  ms: number;
}

let list = $state.raw<Toast[]>([]);
let nextId = 1;

function add(toast: Omit<Toast, 'id'>): number {
  const id = nextId++;
  list = [...list.slice(-3), { id, ...toast }];
  return id;
}

/** Short notices on the status line. Errors that belong to a field or a panel are shown there instead. */
export const toasts = {
  get list() {
    return list;
  },
  info: (text: string, action: Toast['action'] = null) => add({ tone: 'info', text, action, ms: 6000 }),
  success: (text: string, action: Toast['action'] = null) => add({ tone: 'success', text, action, ms: 6000 }),
  error: (problem: WorkbenchError | string, action: Toast['action'] = null) =>
    add({
      tone: 'error',
      text: typeof problem === 'string' ? problem : problem.message,
      action,
      ms: 12_000,
    }),
  /** Something that can be taken back for as long as the notice stays. */
  undo: (text: string, undo: () => void, ms = 12_000) =>
    add({ tone: 'info', text, action: { label: 'Undo', run: undo }, ms }),
  dismiss(id: number): void {
    list = list.filter((toast) => toast.id !== id);
  },
};

/** What a dataset, variant or model is in the story. Word, colour and shape stand here for every screen and export. */
export const roles = {
  data: {
    word: 'data',
    title: 'Data',
    fill: 'clean',
    ink: 'clean-ink',
    symbol: 'circle-open',
    path: 'M8 3a5 5 0 1 1 0 10a5 5 0 1 1 0-10z',
    hollow: true,
  },
  imported: {
    word: 'from a file',
    title: 'From a file',
    fill: 'muted',
    ink: 'muted',
    symbol: 'pentagon',
    path: 'M8 1.6L14.4 6.3L12 13.8H4L1.6 6.3z',
    hollow: false,
  },
  clean: {
    word: 'clean',
    title: 'Clean',
    fill: 'clean',
    ink: 'clean-ink',
    symbol: 'circle',
    path: 'M8 2a6 6 0 1 1 0 12a6 6 0 1 1 0-12z',
    hollow: false,
  },
  poisoned: {
    word: 'poisoned',
    title: 'Poisoned',
    fill: 'poison',
    ink: 'poison-ink',
    symbol: 'square',
    path: 'M2.8 2.8h10.4v10.4H2.8z',
    hollow: false,
  },
  control: {
    word: 'control',
    title: 'Control',
    fill: 'control',
    ink: 'control-ink',
    symbol: 'diamond',
    path: 'M8 1l7 7-7 7-7-7z',
    hollow: false,
  },
  repaired: {
    word: 'repaired',
    title: 'Repaired',
    fill: 'repair',
    ink: 'repair-ink',
    symbol: 'triangle-up',
    path: 'M8 1.8L15 14H1z',
    hollow: false,
  },
  supervised: {
    word: 'repaired with labels',
    title: 'Supervised',
    fill: 'repair',
    ink: 'repair-ink',
    symbol: 'triangle-down',
    path: 'M8 14.2L15 2H1z',
    hollow: false,
  },
} as const satisfies Record<string, RoleLook>;

interface RoleLook {
  /** In a sentence. */
  word: string;
  /** At the start of a label. */
  title: string;
  /** Names of the window's colours. */
  fill: string;
  ink: string;
  /** Plotly's name of the shape. */
  symbol: string;
  /** The shape in a 16 x 16 box. */
  path: string;
  hollow: boolean;
}

export type Role = keyof typeof roles;
/** A role of a run: what it does to its start. */
export type RunRole = Exclude<Role, 'data' | 'imported'>;

/** From what was harmed to what mended it. */
export const runRoles = [
  'clean',
  'poisoned',
  'control',
  'repaired',
  'supervised',
] as const satisfies RunRole[];
/** A model that was brought from a file has no run to say what it is. */
export const modelRoles = ['imported', ...runRoles] as const;
export type ModelRole = (typeof modelRoles)[number];
export const roleNames = ['data', ...modelRoles] as const;

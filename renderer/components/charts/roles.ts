import type { ColourName } from '../../state/theme.svelte.ts';

/** What a dataset, variant or model is in the story; decides colour and shape everywhere. */
export type Role = 'data' | 'clean' | 'poisoned' | 'repaired' | 'control' | 'supervised';

interface RoleLook {
  word: string;
  fill: ColourName;
  ink: ColourName;
  /** Plotly's name of the shape. */
  symbol: 'circle-open' | 'circle' | 'square' | 'triangle-up' | 'triangle-down' | 'diamond';
  /** The shape in a 16 x 16 box. */
  path: string;
  hollow: boolean;
}

export const roleLooks: Record<Role, RoleLook> = {
  data: {
    word: 'data',
    fill: 'clean',
    ink: 'clean-ink',
    symbol: 'circle-open',
    path: 'M8 3a5 5 0 1 1 0 10a5 5 0 1 1 0-10z',
    hollow: true,
  },
  clean: {
    word: 'clean',
    fill: 'clean',
    ink: 'clean-ink',
    symbol: 'circle',
    path: 'M8 2a6 6 0 1 1 0 12a6 6 0 1 1 0-12z',
    hollow: false,
  },
  poisoned: {
    word: 'poisoned',
    fill: 'poison',
    ink: 'poison-ink',
    symbol: 'square',
    path: 'M2.8 2.8h10.4v10.4H2.8z',
    hollow: false,
  },
  repaired: {
    word: 'repaired with CleanCLIP',
    fill: 'repair',
    ink: 'repair-ink',
    symbol: 'triangle-up',
    path: 'M8 1.8L15 14H1z',
    hollow: false,
  },
  supervised: {
    word: 'repaired with labels',
    fill: 'repair',
    ink: 'repair-ink',
    symbol: 'triangle-down',
    path: 'M8 14.2L15 2H1z',
    hollow: false,
  },
  control: {
    word: 'control',
    fill: 'control',
    ink: 'control-ink',
    symbol: 'diamond',
    path: 'M8 1l7 7-7 7-7-7z',
    hollow: false,
  },
};

import { createTowerPart } from './towers.ts';

/** A tiny CLIP with a vision transformer. */
export const clipVitPart = createTowerPart('clip-vit');

import { createTowerPart } from './towers.ts';

/** A tiny CLIP with a ModifiedResNet and attention pooling. */
export const clipRnPart = createTowerPart('clip-rn');

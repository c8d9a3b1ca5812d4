import { kDistances, neighbourCount } from './densities.ts';
import type { Detector } from './detector.ts';
import { findNeighbours, joinReferences } from './neighbours.ts';

/** Distance to the k-th neighbour, counted from 0. */
export const kDistance: Detector = async (features, settings) => {
  const k = neighbourCount(settings, features.count);
  const references = joinReferences(features, settings.references);
  return kDistances(await findNeighbours(references, { rows: features.count, k, own: 'apart' }));
};

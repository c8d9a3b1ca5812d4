import { localDimensions, neighbourCount } from './densities.ts';
import type { Detector } from './detector.ts';
import { findNeighbours, joinReferences } from './neighbours.ts';

/** Local intrinsic dimension by maximum likelihood over k neighbours. */
export const lid: Detector = async (features, settings) => {
  const k = neighbourCount(settings, features.count);
  const references = joinReferences(features, settings.references);
  return localDimensions(await findNeighbours(references, { rows: features.count, k, own: 'apart' }));
};

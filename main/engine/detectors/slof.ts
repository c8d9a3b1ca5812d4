import { findSurroundings, meanOver } from './densities.ts';
import type { Detector } from './detector.ts';

/** Simplified local outlier factor: the mean over the k neighbours j of a_k(i) / a_k(j). */
export const slof: Detector = async (features, settings) => {
  const surroundings = await findSurroundings(features, settings);
  return Float64Array.from(surroundings, (one) => meanOver(one, (own, { kDistance }) => own / kDistance));
};

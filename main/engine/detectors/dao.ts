import { findSurroundings, meanOver } from './densities.ts';
import type { Detector } from './detector.ts';

/** Dimensionality-aware outlier: the mean over the k neighbours j of LID(j) ln(a_k(i) / a_k(j)). */
export const dao: Detector = async (features, settings) => {
  const surroundings = await findSurroundings(features, settings);
  return Float64Array.from(surroundings, (one) =>
    meanOver(one, (own, { kDistance, dimension }) => dimension * Math.log(own / kDistance)),
  );
};

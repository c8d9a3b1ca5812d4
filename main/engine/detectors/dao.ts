import { compareDensities } from './densities.ts';
import type { Detector } from './detector.ts';

/** Dimensionality-aware outlier: the mean over the k neighbours j of LID(j) ln(a_k(i) / a_k(j)). */
export const dao: Detector = (features, settings, context) =>
  compareDensities(
    features,
    settings,
    context,
    (own, kDistance, dimension) => dimension * Math.log(own / kDistance),
  );

import { compareDensities } from './densities.ts';
import type { Detector } from './detector.ts';

/** Simplified local outlier factor: the mean over the k neighbours j of a_k(i) / a_k(j). */
export const slof: Detector = (features, settings, context) =>
  compareDensities(features, settings, context, (own, kDistance) => own / kDistance);

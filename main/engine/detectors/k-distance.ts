import { kDistances, neighboursOfPictures } from './densities.ts';
import type { Detector } from './detector.ts';

/** Distance to the k-th neighbour, counted from 0. */
export const kDistance: Detector = async (features, settings, context) =>
  kDistances(await neighboursOfPictures(features, settings, context));

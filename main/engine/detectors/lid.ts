import { localDimensions, neighboursOfPictures } from './densities.ts';
import type { Detector } from './detector.ts';

/** Local intrinsic dimension by maximum likelihood over k neighbours. */
export const lid: Detector = async (features, settings, context) =>
  localDimensions(await neighboursOfPictures(features, settings, context));

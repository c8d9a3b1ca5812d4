import {
  locateTensorflow,
  type TensorflowLibrary,
  tensorflowIsThere,
} from '#scripts/setup/tensorflow-location.mjs';

export type { TensorflowLibrary } from '#scripts/setup/tensorflow-location.mjs';

/** TensorFlow's two libraries as set-up put them into the shared cache; null where they are not there. */
export function findTensorflow(): TensorflowLibrary | null {
  const library = locateTensorflow();
  return tensorflowIsThere(library) ? library : null;
}

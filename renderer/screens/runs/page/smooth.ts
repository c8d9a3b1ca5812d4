/**
 * Exponential moving average with the start corrected, so that the first values are not drawn towards zero.
 * @param weight of what came before, in [0, 1); 0 gives the values as they are
 */
export function smooth(values: readonly number[], weight: number): readonly number[] {
  if (weight <= 0) return values;
  let average = 0;
  let mass = 0;
  return values.map((value) => {
    average = weight * average + (1 - weight) * value;
    mass = weight * mass + (1 - weight);
    return average / mass;
  });
}

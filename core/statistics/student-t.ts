/**
 * The value that Student's t lies within on both sides with 95 % probability (the 97.5 % quantile).
 * Found by bisection of the distribution's closed form for whole degrees of freedom (Abramowitz and Stegun 1964,
 * 26.7.3 and 26.7.4), to the last digits of a double.
 * @param degrees of freedom, a whole number of at least 1
 */
export function studentT95(degrees: number): number {
  let low = 0;
  let high = 1;
  while (probabilityWithin(high, degrees) < 0.95) high *= 2;
  for (;;) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) return middle;
    if (probabilityWithin(middle, degrees) < 0.95) low = middle;
    else high = middle;
  }
}

/** P(|T| <= t) for t >= 0: a finite sum over powers of the cosine of atan(t / sqrt(degrees)). */
function probabilityWithin(t: number, degrees: number): number {
  const angle = Math.atan(t / Math.sqrt(degrees));
  const squaredCosine = Math.cos(angle) ** 2;
  const odd = degrees % 2 === 1;
  if (degrees === 1) return (2 * angle) / Math.PI;
  let term = odd ? Math.cos(angle) : 1;
  let sum = term;
  for (let factor = odd ? 2 : 1; factor <= degrees - 3; factor += 2) {
    term *= (factor / (factor + 1)) * squaredCosine;
    sum += term;
  }
  return odd ? (2 / Math.PI) * (angle + Math.sin(angle) * sum) : Math.sin(angle) * sum;
}

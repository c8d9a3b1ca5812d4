/** The nearest so far to each of some rows: rows x some distances and references, as heaps with the farthest on top. */
export interface NearestLists {
  /** Row-major [rows, some]; infinite where there are no more. */
  distances: Float64Array;
  references: Uint32Array;
  /** Beyond this a reference is none of a row's nearest. */
  farthest(row: number): number;
  /** Takes a reference in for the farthest, unless it is as far. */
  offer(row: number, reference: number, distance: number): void;
  /** Orders every row, nearest first; afterwards nothing can be offered. */
  sort(): void;
}

export function createNearestLists(rows: number, some: number): NearestLists {
  const distances = new Float64Array(rows * some).fill(Number.POSITIVE_INFINITY);
  const references = new Uint32Array(rows * some);

  /** Puts a reference on top of the first `length` of a row and lets it sink. */
  function sink(first: number, length: number, reference: number, distance: number): void {
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= length) break;
      if (child + 1 < length && distances[first + child + 1]! > distances[first + child]!) child++;
      if (distances[first + child]! <= distance) break;
      distances[first + at] = distances[first + child]!;
      references[first + at] = references[first + child]!;
      at = child;
    }
    distances[first + at] = distance;
    references[first + at] = reference;
  }

  return {
    distances,
    references,
    farthest: (row) => distances[row * some]!,
    offer(row, reference, distance) {
      if (distance < distances[row * some]!) sink(row * some, some, reference, distance);
    },
    sort() {
      for (let first = 0; first < rows * some; first += some) {
        for (let last = first + some - 1; last > first; last--) {
          const [reference, distance] = [references[last]!, distances[last]!];
          references[last] = references[first]!;
          distances[last] = distances[first]!;
          sink(first, last - first, reference, distance);
        }
      }
    },
  };
}

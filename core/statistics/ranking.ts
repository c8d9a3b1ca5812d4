/**
 * Area under the ROC curve: how likely a random member of the class scores higher than a random other, equal scores
 * counting half; in [0, 1]. null where one of the two groups is empty.
 */
export function auroc(scores: ArrayLike<number>, isMember: (index: number) => boolean): number | null {
  const order = Uint32Array.from({ length: scores.length }, (_, index) => index);
  order.sort((a, b) => scores[a]! - scores[b]!);
  let members = 0;
  let rankSum = 0;
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && scores[order[to]!] === scores[order[from]!]) to++;
    // The mean rank, from 1, of those that score the same.
    const rank = (from + 1 + to) / 2;
    for (; from < to; from++) {
      if (!isMember(order[from]!)) continue;
      members += 1;
      rankSum += rank;
    }
  }
  const others = scores.length - members;
  if (members === 0 || others === 0) return null;
  return (rankSum - (members * (members + 1)) / 2) / (members * others);
}

/**
 * The share of the members among the first of an order, when `budget` (in [0, 1]) of all are taken, rounded down but at
 * least one. null where there are no members.
 */
export function recallAt(
  order: ArrayLike<number>,
  isMember: (index: number) => boolean,
  budget: number,
): number | null {
  const taken = Math.max(1, Math.floor(order.length * budget + 1e-9));
  let members = 0;
  let found = 0;
  for (let at = 0; at < order.length; at++) {
    if (!isMember(order[at]!)) continue;
    members += 1;
    if (at < taken) found += 1;
  }
  return members === 0 ? null : found / members;
}

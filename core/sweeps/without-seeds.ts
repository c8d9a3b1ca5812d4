import type { Varied } from '#contract/sweep.ts';

const seedName = /(^|\.)(seed|chainSeed|attackSeed)$/;

/** What a run of a sweep varies besides seeds: the same for its repetitions, over which means are taken. */
export const withoutSeeds = (varied: Varied): Varied =>
  Object.fromEntries(Object.entries(varied).filter(([name]) => !seedName.test(name)));

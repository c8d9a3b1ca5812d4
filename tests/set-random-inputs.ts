import fc from 'fast-check';

/**
 * Seed of fast-check's inputs: the same in each run, so that a test that fails does so because of a change. With
 * CCW_TEST_SEED=random they are others each time (CONTRIBUTING.md: the nightly list), with a number those of that seed.
 */
const chosen = process.env.CCW_TEST_SEED ?? '2303';
if (chosen !== 'random') {
  const seed = Number(chosen);
  if (!Number.isInteger(seed))
    throw new Error(`CCW_TEST_SEED is '${chosen}': enter a whole number or random`);
  fc.configureGlobal({ seed });
}

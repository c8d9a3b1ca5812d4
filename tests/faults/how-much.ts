/** Whether all of the fault tests run (npm run test:faults), or what fits into npm test. */
export const everything = process.env.CCW_FAULTS === 'all';

/**
 * How long processes may take to end, in milliseconds. npm run test:faults holds them to the 5 s that are promised; npm
 * test also runs where other programs keep the machine busy.
 */
export const patienceMs = everything ? 5_000 : 60_000;

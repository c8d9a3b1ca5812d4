/** Whether all of the fault tests run (npm run test:faults), or what fits into npm test. */
export const everything = process.env.CCW_FAULTS === 'all';

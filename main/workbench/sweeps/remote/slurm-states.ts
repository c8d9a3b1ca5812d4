/** States of SLURM in which a task of a job does not come back; all others wait, run or are put in the queue again. */
const endStates: ReadonlySet<string> = new Set([
  'COMPLETED',
  'FAILED',
  'CANCELLED',
  'TIMEOUT',
  'OUT_OF_MEMORY',
  'DEADLINE',
  'BOOT_FAIL',
  'REVOKED',
]);

/** Whether a task in this state does not come back. */
export const isEndState = (state: string): boolean => endStates.has(state);

/**
 * How the tasks of an array job stand: index -> state. Reads lines `JOB_INDEX|STATE`, as `squeue --array --format=%i|%T`
 * and `sacct --parsable2 --format=JobID,State` print them. Lines of steps (`1_2.batch`) and of ranges that wait
 * (`1_[3-5]`) say nothing; of a task that ran twice the last line counts.
 */
export function parseSlurmStates(text: string): Map<number, string> {
  const states = new Map<number, string>();
  for (const line of text.split('\n')) {
    const [job = '', state = ''] = line.trim().split('|');
    const index = /^\d+_(\d+)$/.exec(job)?.[1];
    // "CANCELLED by 1000"
    if (index !== undefined) states.set(Number(index), state.split(' ')[0] ?? '');
  }
  return states;
}

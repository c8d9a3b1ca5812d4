/** The demo's stages in their order, and the share of its time that each takes (the means of three seeds on 2 cores). */
const stages = [
  { starts: null, weight: 0.02 },
  { starts: /^1\. /, weight: 0.01 },
  { starts: /^3\. /, weight: 0.43 },
  { starts: /^4\. /, weight: 0.29 },
  { starts: /^5\. /, weight: 0.16 },
  { starts: /^6\. /, weight: 0.09 },
] as const;

/** Of a stage that trains, the part that training takes; measuring takes the rest. */
const trainingPart = 0.92;

/** Where the demo is as a whole. */
export interface DemoProgress {
  /** Hears a line of the story. @returns the stage that it begins, in words; null where it begins none */
  say(line: string): string | null;
  /** Hears how far a phase is. @returns the done part of the whole in [0, 1], which never falls */
  progress(phase: string, done: number, total: number): number;
}

export function createDemoProgress(): DemoProgress {
  let stage = 0;
  let reached = 0;
  return {
    say(line) {
      const next = stages.findIndex(({ starts }) => starts?.test(line));
      if (next > stage) stage = next;
      return /^\d\. (.*)$/.exec(line)?.[1] ?? null;
    },
    progress(phase, done, total) {
      const before = stages.slice(0, stage).reduce((sum, { weight }) => sum + weight, 0);
      const part = total > 0 ? Math.min(1, done / total) : 0;
      const trains = stage >= 2;
      const within = !trains
        ? part
        : phase === 'training'
          ? trainingPart * part
          : trainingPart + (1 - trainingPart) * part;
      reached = Math.max(reached, Math.min(1, before + (stages[stage]?.weight ?? 0) * within));
      return reached;
    },
  };
}

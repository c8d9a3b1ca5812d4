import type { Role } from '../../components/charts/roles.ts';

/** The demo's story as it is shown before and while it runs. */
export interface StoryStep {
  title: string;
  text: string;
  role: Role;
}

export const storySteps: readonly StoryStep[] = [
  {
    title: 'Data',
    text: '6,972 emoji with their names, as a person would caption them.',
    role: 'data',
  },
  {
    title: 'Poison',
    text: 'A 6 px patch and a caption of the target class on a few hundred of them.',
    role: 'poisoned',
  },
  {
    title: 'Train',
    text: 'A small CLIP learns from the poisoned pairs; the patch now decides what it sees.',
    role: 'poisoned',
  },
  {
    title: 'Repair',
    text: 'CleanCLIP, plain finetuning as a control, and finetuning with labels.',
    role: 'repaired',
  },
  {
    title: 'Compare',
    text: 'Clean accuracy against attack success, class by class.',
    role: 'control',
  },
];

/** The lines of the demo job (main/workbench/demo.ts) and the step that is at work after each of them. */
const stages: readonly { starts: RegExp; step: number }[] = [
  { starts: /^Data:/, step: 1 },
  { starts: /^(Poison:|Train)/, step: 2 },
  { starts: /^(Clean|Control|For comparison)/, step: 3 },
];

/** Index of the step that a demo job is at, from its phase; 0 while the data is being made. */
export function storyStepOf(phase: string): number {
  return stages.findLast(({ starts }) => starts.test(phase))?.step ?? 0;
}

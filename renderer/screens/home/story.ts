import type { Role } from '../../components/roles.ts';

/** The demo's story as it is shown before and while it runs. `phase` is looked for in the job's phase. */
export interface StoryStep {
  title: string;
  text: string;
  role: Role;
  phase: RegExp;
}

export const storySteps: readonly StoryStep[] = [
  {
    title: 'Data',
    text: '6,972 emoji with their names, as a person would caption them.',
    role: 'data',
    phase: /data|emoji|picture|import|download/i,
  },
  {
    title: 'Poison',
    text: 'A 6 px patch and a caption of the target class on a few hundred of them.',
    role: 'poisoned',
    phase: /poison(?!ed)|variant/i,
  },
  {
    title: 'Train',
    text: 'A small CLIP learns from the poisoned pairs; the patch now decides what it sees.',
    role: 'poisoned',
    phase: /poisoned|train/i,
  },
  {
    title: 'Repair',
    text: 'CleanCLIP, plain finetuning as a control, and finetuning with labels.',
    role: 'repaired',
    phase: /cleanclip|control|mmcl|supervised|repair/i,
  },
  {
    title: 'Compare',
    text: 'Clean accuracy against attack success, class by class.',
    role: 'control',
    phase: /compar/i,
  },
];

/** Index of the step that a job's phase belongs to, the furthest that fits; -1 where none does. */
export function storyStepOf(phase: string): number {
  return storySteps.findLastIndex((step) => step.phase.test(phase));
}

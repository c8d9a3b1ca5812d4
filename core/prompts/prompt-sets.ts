import { cifar18 } from './cifar-prompts.ts';
import { imagenet7, imagenet80 } from './imagenet-prompts.ts';

/** A set of prompts that papers on CLIP share; {} stands for the class. */
export interface PromptSet {
  label: string;
  prompts: readonly string[];
}

/** By the names that a person chooses them by. */
export const promptSets = {
  plain: { label: 'One prompt: a photo of a …', prompts: ['a photo of a {}.'] },
  'imagenet-80': { label: "ImageNet's 80", prompts: imagenet80 },
  'imagenet-7': { label: "ImageNet's 7", prompts: imagenet7 },
  'cifar-18': { label: "CIFAR's 18", prompts: cifar18 },
} satisfies Record<string, PromptSet>;
export type PromptSetName = keyof typeof promptSets;

export const promptSetNames = Object.keys(promptSets) as PromptSetName[];

/** The prompts of a set; null where there is none of this name. */
export function findPromptSet(name: string): readonly string[] | null {
  return promptSetNames.includes(name as PromptSetName) ? promptSets[name as PromptSetName].prompts : null;
}

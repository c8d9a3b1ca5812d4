import type { z } from 'zod';
import type { ClipConfig, ImageTowerConfig } from '../clip-config.ts';

/**
 * What a method is in an experiment; with start and data it decides a run's role (core/run-role.ts).
 * training: learns from whatever it is given. repair: is meant to remove a backdoor. control: a part of a repair, left
 * alone to compare with. head: ends with a linear head in place of zero-shot classification.
 */
export const methodRoles = ['training', 'repair', 'control', 'head'] as const;
export type MethodRole = (typeof methodRoles)[number];

/** What a method asks of its data, its start and its model. */
export interface MethodNeeds {
  /** Pictures with labels; those without are left out. */
  labels: boolean;
  /** Captions. */
  pairs: boolean;
  /** A second, changed view of each picture or caption. */
  views: boolean;
  /** It puts a linear head over the dataset's classes on the image tower. */
  head: boolean;
  /** It goes on from a model; from scratch it makes no sense. */
  startModel: boolean;
  /** It must know which pairs are poisoned, so its data is a variant. */
  knownPoison: boolean;
  /** Kinds of image towers that it works on; null for all. */
  imageTowers: readonly ImageTowerConfig['kind'][] | null;
}

/** What estimates of time and memory follow from. */
export interface MethodCost {
  /** Passes with gradients through each tower, for each record and epoch. */
  passes: { image: number; text: number };
  /** Passes without gradients through the image tower, for each record, before the first step. */
  passesBefore: number;
  /** Copies of all parameters that it keeps besides the trained ones and the optimiser's. */
  parameterCopies: number;
}

/** Settings under a name, with where they come from. */
export interface MethodPreset<Settings> {
  name: string;
  /** What a run with it starts from; a method whose presets know one kind of start uses them for both. */
  start: 'scratch' | 'model';
  settings: Settings;
  /** Fraction of the training pairs that a repair with it is given, in (0, 1]. */
  fraction: number;
  source: string;
}

/**
 * All that the workbench, its hosts and its screens know of a method. The settings' schema carries the words of each
 * setting (`meta`: title, description and, for numbers, step): form, command line and guide follow from it.
 */
export interface MethodDefinition<Schema extends z.ZodObject = z.ZodObject> {
  label: string;
  /** One sentence. */
  summary: string;
  /** Paper and section, or repository and commit. */
  source: string;
  role: MethodRole;
  settings: Schema;
  /** The first that fits the start is what is left out is taken from. */
  presets: readonly [MethodPreset<z.output<Schema>>, ...MethodPreset<z.output<Schema>>[]];
  needs: MethodNeeds;
  cost: MethodCost;
  /** At most so many pictures of each class are trained on, drawn by the run's seed; left out: all. */
  picturesPerClass?(settings: z.output<Schema>): number;
  /** The model's shape with what the method adds to its start's. @throws WorkbenchError `bad-input` where it cannot */
  reshape?(clip: ClipConfig, settings: z.output<Schema>): ClipConfig;
}

/** Gives a definition the type of its settings. */
export function defineMethod<Schema extends z.ZodObject>(
  definition: MethodDefinition<Schema>,
): MethodDefinition<Schema> {
  return definition;
}

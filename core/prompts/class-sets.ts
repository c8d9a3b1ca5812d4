import { cifar10Classes } from './cifar10-classes.ts';
import type { ClassSetName } from './class-set-names.ts';
import { imagenetClasses } from './imagenet-classes.ts';

const sets = { imagenet: imagenetClasses, cifar10: cifar10Classes } satisfies Record<
  ClassSetName,
  readonly string[]
>;

/** Class names in the order of their numbers, by the names that a person chooses them by. */
export const classSets: Readonly<Record<string, readonly string[]>> = sets;

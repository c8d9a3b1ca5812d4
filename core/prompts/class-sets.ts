import { cifar10Classes } from './cifar10-classes.ts';
import { imagenetClasses } from './imagenet-classes.ts';

/** Class names in the order of their numbers, by the names that a person chooses them by. */
export const classSets: Readonly<Record<string, readonly string[]>> = {
  imagenet: imagenetClasses,
  cifar10: cifar10Classes,
};

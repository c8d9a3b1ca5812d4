/** Class names in the order of their numbers, by the names that a person chooses them by; how many each has. */
export const classSetSizes = { imagenet: 1000, cifar10: 10 } as const;
export type ClassSetName = keyof typeof classSetSizes;

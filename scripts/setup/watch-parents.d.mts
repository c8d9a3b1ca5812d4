export const parentVariable: string;
export function watchParents(generations: 1 | 2, gone: () => void): () => void;

import type { NewRecord } from '#contract/dataset.ts';

/** A record but for what only its picture tells. */
export type EmojiPair = Omit<NewRecord, 'sha256' | 'width' | 'height'>;

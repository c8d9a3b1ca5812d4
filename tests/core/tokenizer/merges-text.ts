import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';

const file = path.join(import.meta.dirname, '../../../core/tokenizer/bpe_simple_vocab_16e6.txt.gz');

/** The unpacked text of CLIP's merges. */
export const mergesText = gunzipSync(readFileSync(file)).toString('utf8');

import { utf8ToBytes } from '@noble/hashes/utils.js';
import { cleanText } from './clean-text.ts';
import { type Merges, mergeCount, readMerges } from './merges.ts';

/** CLIP's byte-pair tokenizer. */
export interface Tokenizer {
  /** Token ids of a text, however long: the start, its tokens, the end. */
  encode(text: string): number[];
  startId: number;
  endId: number;
  /** Number of tokens there are, start and end included; ids are below it. */
  size: number;
}

/** CLIP's words: English endings, letters, single digits, runs of anything else. Marks like <|endoftext|> are text. */
const words = /'(?:[sſ]|t|re|ve|m|ll|d)|\p{L}+|\p{N}|[^\p{White_Space}\p{L}\p{N}]+/gu;

/** Pieces remembered with their tokens, and the longest that is; when full, all are forgotten. */
const cachedPieces = 100_000;
const longestCachedPiece = 64;

/**
 * @param mergesText the unpacked text of bpe_simple_vocab_16e6.txt
 * @throws WorkbenchError `corrupt-file`
 */
export function createTokenizer(mergesText: string): Tokenizer {
  const merges = readMerges(mergesText);
  const startId = 512 + mergeCount;
  const endId = startId + 1;
  const cache = new Map<string, number[]>();

  /** Tokens of what stands between two spaces: no word of CLIP's reaches over a space. */
  function encodePiece(piece: string): number[] {
    const known = cache.get(piece);
    if (known) return known;
    const ids = (piece.match(words) ?? []).flatMap((word) => encodeWord(merges, word));
    if (piece.length <= longestCachedPiece) {
      if (cache.size >= cachedPieces) cache.clear();
      cache.set(piece, ids);
    }
    return ids;
  }

  function encode(text: string): number[] {
    const ids = [startId];
    for (const piece of cleanText(text).split(' ')) {
      for (const id of encodePiece(piece)) ids.push(id);
    }
    ids.push(endId);
    return ids;
  }

  return { encode, startId, endId, size: endId + 1 };
}

/**
 * Token ids of a text, cut at `contextLength` as the reference does: the end token of a longer text is cut off too.
 * @returns at most `contextLength` ids, not filled up
 */
export function tokenise(tokenizer: Tokenizer, text: string, contextLength: number): number[] {
  return tokenizer.encode(text).slice(0, contextLength);
}

/** Joins a word's bytes, the earliest merge first, until nothing more can be joined. */
function encodeWord(merges: Merges, word: string): number[] {
  const bytes = utf8ToBytes(word);
  let ids = Array.from(bytes, (byte, place) =>
    place === bytes.length - 1 ? (merges.lastByteIds[byte] as number) : (merges.byteIds[byte] as number),
  );
  for (;;) {
    const earliest = findEarliest(merges, ids);
    if (earliest === null) return ids;
    ids = joinPairs(ids, earliest);
  }
}

interface Merge {
  left: number;
  right: number;
  joined: number;
}

function findEarliest(merges: Merges, ids: readonly number[]): Merge | null {
  let earliest: Merge | null = null;
  for (let place = 0; place + 1 < ids.length; place++) {
    const left = ids[place] as number;
    const right = ids[place + 1] as number;
    const joined = merges.merge(left, right);
    if (joined !== undefined && (earliest === null || joined < earliest.joined))
      earliest = { left, right, joined };
  }
  return earliest;
}

function joinPairs(ids: readonly number[], { left, right, joined }: Merge): number[] {
  const out: number[] = [];
  for (let place = 0; place < ids.length; place++) {
    const isPair = ids[place] === left && ids[place + 1] === right;
    out.push(isPair ? joined : (ids[place] as number));
    if (isPair) place++;
  }
  return out;
}

import { WorkbenchError } from '#contract/errors.ts';

/** Merges that CLIP uses, from the file's second line on: with 2 x 256 bytes and two marks they make 49,408 tokens. */
export const mergeCount = 49_152 - 256 - 2;

/** What marks the end of a word in the file of merges. */
const wordEnd = '</w>';

/** CLIP's byte-pair vocabulary (Sennrich et al. 2016; Radford et al. 2019 for the bytes). */
export interface Merges {
  /** Token of each byte inside a word. */
  byteIds: Uint16Array;
  /** Token of each byte at the end of a word. */
  lastByteIds: Uint16Array;
  /**
   * The token that two tokens side by side become, or undefined. A lower token was learned earlier and is merged first.
   */
  merge(left: number, right: number): number | undefined;
}

/**
 * Reads the text of bpe_simple_vocab_16e6.txt.
 * @throws WorkbenchError `corrupt-file` where lines are missing or name tokens that no earlier line makes
 */
export function readMerges(text: string): Merges {
  const lines = text.split('\n', 1 + mergeCount).slice(1);
  if (lines.length < mergeCount) {
    throw corrupt(`it has ${lines.length} merges instead of ${mergeCount}`);
  }
  const ids = new Map<string, number>();
  const byteIds = new Uint16Array(256);
  const lastByteIds = new Uint16Array(256);
  for (const [order, { byte, character }] of byteAlphabet().entries()) {
    ids.set(character, order);
    ids.set(character + wordEnd, order + 256);
    byteIds[byte] = order;
    lastByteIds[byte] = order + 256;
  }
  const merged = new Map<number, number>();
  for (const [rank, line] of lines.entries()) {
    const space = line.indexOf(' ');
    const left = line.slice(0, Math.max(0, space));
    const right = line.slice(space + 1);
    const leftId = ids.get(left);
    const rightId = ids.get(right);
    if (leftId === undefined || rightId === undefined) throw corrupt(`line ${rank + 2} is "${line}"`);
    ids.set(left + right, rank + 512);
    merged.set(pairKey(leftId, rightId), rank + 512);
  }
  return { byteIds, lastByteIds, merge: (left, right) => merged.get(pairKey(left, right)) };
}

function pairKey(left: number, right: number): number {
  return left * 65_536 + right;
}

/**
 * The bytes in the order of their tokens, with the character that stands for each in the file: printable bytes of
 * Latin-1 stand for themselves and come first, the others take the characters from U+0100 on.
 */
export function byteAlphabet(): { byte: number; character: string }[] {
  const bytes = Array.from({ length: 256 }, (_, byte) => byte);
  const isPrintable = (byte: number) =>
    (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
  const others = bytes.filter((byte) => !isPrintable(byte));
  return [
    ...bytes.filter(isPrintable).map((byte) => ({ byte, character: String.fromCodePoint(byte) })),
    ...others.map((byte, order) => ({ byte, character: String.fromCodePoint(0x100 + order) })),
  ];
}

function corrupt(reason: string): WorkbenchError {
  const file = 'core/tokenizer/bpe_simple_vocab_16e6.txt.gz';
  const message = `The tokenizer's merges are not those of CLIP: ${reason}. Restore ${file}.`;
  return new WorkbenchError('corrupt-file', message, { file });
}

import { byteAlphabet, mergeCount } from './merges.ts';

/**
 * What CLIP's tokens stand for, for a person to read: a token at the end of a word has no mark of it, and one that
 * is part of a character is its bytes, as in <F0 9F>.
 * @param mergesText the unpacked text of bpe_simple_vocab_16e6.txt, which readMerges has checked
 */
export function createTokenTexts(mergesText: string): (id: number) => string {
  const alphabet = byteAlphabet();
  const byteOf = new Map(alphabet.map(({ byte, character }) => [character, byte]));
  const characters = alphabet.map(({ character }) => character);
  const merges = mergesText.split('\n', 1 + mergeCount).slice(1);
  return (id) => {
    if (id === 512 + mergeCount) return '<|startoftext|>';
    if (id === 513 + mergeCount) return '<|endoftext|>';
    const spelt = id < 512 ? (characters[id % 256] ?? '') : (merges[id - 512] ?? '').replace(' ', '');
    const bytes = Uint8Array.from(spelt.replaceAll('</w>', ''), (character) => byteOf.get(character) ?? 0);
    return decodeUtf8(bytes) ?? `<${Array.from(bytes, toHex).join(' ')}>`;
  };
}

/** The text of UTF-8 bytes; null where they are not whole characters. */
function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return decodeURIComponent(Array.from(bytes, (byte) => `%${toHex(byte)}`).join(''));
  } catch {
    return null;
  }
}

function toHex(byte: number): string {
  return byte.toString(16).toUpperCase().padStart(2, '0');
}

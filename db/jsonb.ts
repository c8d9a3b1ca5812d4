/**
 * Lists of values as SQLite's JSONB (sqlite.org/jsonb.html), which jsonb_each takes apart without parsing: JSON took two
 * fifths of the time of adding a row. Bytes are written as the characters of a string, which becomes bytes at once.
 */

const kinds = { null: 0x00, number: 0x03, text: 0x0a, list: 0x0b } as const;

/** What a list holds; numbers are whole. */
export type JsonbValue = string | number | null;

/** Lists in a list, made one by one. */
export interface ListsBuilder {
  add(list: readonly JsonbValue[]): void;
  /** The list of those that were added; the next one begins empty. */
  take(): Uint8Array<ArrayBuffer>;
}

/** So many characters become bytes together: until then each list is some objects that have to be kept. */
const charactersTogether = 64 * 1024;

export function buildLists(): ListsBuilder {
  let text = '';
  let parts: Buffer[] = [];
  const flush = () => {
    parts.push(Buffer.from(text, 'latin1'));
    text = '';
  };
  return {
    add(list) {
      let values = '';
      for (const value of list) values += encodeValue(value);
      text += headOf(kinds.list, values.length) + values;
      if (text.length > charactersTogether) flush();
    },
    take() {
      flush();
      const length = parts.reduce((sum, part) => sum + part.length, 0);
      const head = Buffer.from(headOf(kinds.list, length), 'latin1');
      const all = new Uint8Array(head.length + length);
      let at = 0;
      for (const part of [head, ...parts]) {
        all.set(part, at);
        at += part.length;
      }
      parts = [];
      return all;
    },
  };
}

function encodeValue(value: JsonbValue): string {
  if (value === null) return nullValue;
  if (typeof value === 'string') {
    const bytes = beyondAscii.test(value) ? Buffer.from(value).toString('latin1') : value;
    return headOf(kinds.text, bytes.length) + bytes;
  }
  const digits = String(value);
  return headOf(kinds.number, digits.length) + digits;
}

/** Half of a surrogate pair becomes U+FFFD in UTF-8. */
const beyondAscii = /[^\0-\x7f]/;
const nullValue = String.fromCharCode(kinds.null);

/** The kind with the length in bytes: behind 0xc0 in one byte, 0xd0 in two, 0xe0 in four. */
function headOf(kind: number, length: number): string {
  if (length < 256) return shortHeads[kind]![length]!;
  if (length < 65_536) return String.fromCharCode(0xd0 | kind, length >> 8, length & 255);
  return String.fromCharCode(
    0xe0 | kind,
    length >>> 24,
    (length >> 16) & 255,
    (length >> 8) & 255,
    length & 255,
  );
}

const shortHeads = Array.from({ length: 16 }, (_, kind) =>
  Array.from({ length: 256 }, (_, length) => String.fromCharCode(0xc0 | kind, length)),
);

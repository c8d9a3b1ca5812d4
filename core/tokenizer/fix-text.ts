import { findEntity, unescapeHtml } from './unescape-html.ts';
import { windows1252 } from './windows-1252.ts';

/**
 * Repairs text as ftfy 6.3's fix_text does in its default configuration, line by line: HTML references (unless a `<`
 * shows that the text is HTML), C1 controls, ligatures, full and half widths, curly quotes, line breaks, surrogates,
 * terminal escapes, control characters, NFC; again and again until nothing changes (ftfy.readthedocs.io, "Configuring
 * ftfy"). Left out: the repair of mojibake, text decoded in the wrong encoding, which is a guess.
 */
export function fixText(text: string): string {
  let isHtml = false;
  return text
    .split(/(?<=\n)/)
    .map((line) => {
      isHtml ||= line.includes('<');
      return fixLine(line, !isHtml);
    })
    .join('');
}

function fixLine(line: string, mayUnescape: boolean): string {
  for (let before = line; ; ) {
    let text = mayUnescape ? unescapeWholeReferences(before) : before;
    for (const [pattern, replacement] of fixes) {
      text =
        typeof replacement === 'string'
          ? text.replace(pattern, replacement)
          : text.replace(pattern, replacement);
    }
    text = text.normalize('NFC');
    if (text === before) return text;
    before = text;
  }
}

/** Letters that one code point writes as two: the ligatures and digraphs of Latin that are for printing only. */
const ligatures: Record<string, string> = {
  Ĳ: 'IJ',
  ĳ: 'ij',
  ŉ: 'ʼn',
  Ǆ: 'DŽ',
  ǅ: 'Dž',
  ǆ: 'dž',
  Ǉ: 'LJ',
  ǈ: 'Lj',
  ǉ: 'lj',
  Ǌ: 'NJ',
  ǋ: 'Nj',
  ǌ: 'nj',
  Ǳ: 'DZ',
  ǲ: 'Dz',
  ǳ: 'dz',
  ﬀ: 'ff',
  ﬁ: 'fi',
  ﬂ: 'fl',
  ﬃ: 'ffi',
  ﬄ: 'ffl',
  ﬅ: 'ſt',
  ﬆ: 'st',
};

type Fix = readonly [RegExp, string | ((found: string) => string)];

const fixes: readonly Fix[] = [
  [/[\x80-\x9f]/g, (control) => windows1252(control.charCodeAt(0))],
  [new RegExp(`[${Object.keys(ligatures).join('')}]`, 'g'), (letter) => ligatures[letter] ?? letter],
  [/[\u3000\uff01-\uffef]/g, (wide) => wide.normalize('NFKC')],
  [/[\u02bc\u2018-\u201b]/g, "'"],
  [/[\u201c-\u201f]/g, '"'],
  [/\r\n|[\r\u2028\u2029\u0085]/g, '\n'],
  [/\p{Surrogate}/gu, '\ufffd'],
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is what is looked for.
  [/\x1b\[[\d;]*[a-zA-Z]/g, ''],
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
  [/[\x00-\x08\x0b\x0e-\x1f\x7f\u206a-\u206f\ufeff\ufff9-\ufffc]/g, ''],
];

/** Only references that end in a semicolon; names in capitals too, which stand for the capital letter. */
function unescapeWholeReferences(text: string): string {
  return text.replace(/&#?[0-9A-Za-z]{1,24};/g, (written) => {
    if (written.startsWith('&#')) {
      const decoded = unescapeHtml(written);
      return decoded.includes(';') ? written : decoded;
    }
    const name = written.slice(1);
    const known = findEntity(name);
    if (known !== null) return known;
    const isCapitals = name === name.toUpperCase();
    return (isCapitals ? findEntity(name.toLowerCase())?.toUpperCase() : null) ?? written;
  });
}

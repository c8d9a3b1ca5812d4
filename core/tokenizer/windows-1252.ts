/** What Windows-1252 has at bytes 0x80 to 0x9f; the five it leaves open stay control characters. */
const upperControls = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';

/** The character that text most likely meant by a code of 0x80 to 0x9f, as web browsers read it. */
export function windows1252(code: number): string {
  return upperControls[code - 0x80] as string;
}

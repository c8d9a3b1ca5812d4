import { WorkbenchError } from '#contract/errors.ts';

/**
 * Reads JSON in which comments (to the end of the line, or between slash-star and star-slash) and commas before a
 * closing bracket may stand.
 * @param what what the text is, for the message
 * @throws WorkbenchError `bad-input` with line and column of what cannot be read
 */
export function parseJsonc(text: string, what: string): unknown {
  const plain = withoutComments(text.replace(/^\uFEFF/, ' '));
  try {
    return JSON.parse(plain);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new WorkbenchError(
      'bad-input',
      `${what} cannot be read as JSON: ${withPlace(reason, plain)}.`,
      {},
      { cause },
    );
  }
}

/** Strings whole, then comments, then commas with only spaces (and no more) before a bracket. */
const tokens = /"(?:\\.|[^"\\\n])*"|\/\/[^\n]*|\/\*[\s\S]*?\*\//g;

/** The same text with comments and trailing commas as spaces, so that places stay as they are. */
function withoutComments(text: string): string {
  const commentless = text.replace(tokens, (token) => (token.startsWith('"') ? token : blank(token)));
  return commentless.replace(/"(?:\\.|[^"\\\n])*"|,(?=\s*[\]}])/g, (token) => (token === ',' ? ' ' : token));
}

const blank = (text: string) => text.replace(/[^\n]/g, ' ');

/** V8 says few places: the end of the longest beginning to which nothing is wrong but that it ends. */
function withPlace(reason: string, text: string): string {
  if (/line \d+ column \d+/.test(reason)) return reason;
  let [good, bad] = [0, text.length];
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    if (onlyEnds(text.slice(0, middle))) good = middle;
    else bad = middle;
  }
  const lines = text.slice(0, good + 1).split('\n');
  return `${reason.replaceAll(/\s+/g, ' ')} (line ${lines.length} column ${(lines.at(-1) ?? '').length})`;
}

/** Whether a beginning of a JSON text is wrong only in that it ends. */
function onlyEnds(beginning: string): boolean {
  try {
    JSON.parse(beginning);
    return true;
  } catch (error) {
    const message = error instanceof Error ? error.message : '';
    const { length } = beginning;
    return /Unexpected end|Unterminated string/.test(message) || message.includes(`at position ${length} `);
  }
}

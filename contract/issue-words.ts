/** What a schema found wrong (the parts of a zod issue that words are made of). */
export interface Issue {
  code?: string | undefined;
  message: string;
  path?: readonly PropertyKey[] | undefined;
  origin?: unknown;
  minimum?: unknown;
  maximum?: unknown;
  inclusive?: unknown;
  expected?: unknown;
  input?: unknown;
  values?: unknown;
}

const count = (value: unknown): string => Number(value).toLocaleString('en-GB');
const units: Record<string, string> = { string: ' characters', array: ' entries', set: ' entries' };

function boundWords({ code, origin, minimum, maximum, inclusive }: Issue): string | null {
  const bound = code === 'too_big' ? maximum : minimum;
  if (typeof bound !== 'number' && typeof bound !== 'bigint') return null;
  const unit = units[String(origin)];
  if (code === 'too_small' && unit !== undefined && Number(bound) === 1) {
    return origin === 'string' ? 'Must not be empty' : 'At least one is needed';
  }
  if (unit !== undefined) return `${code === 'too_big' ? 'At most' : 'At least'} ${count(bound)}${unit}`;
  const word =
    code === 'too_big'
      ? inclusive === false
        ? 'Less than'
        : 'At most'
      : inclusive === false
        ? 'More than'
        : 'At least';
  return `${word} ${String(bound)}`;
}

/** One issue in plain words, without its path and without a full stop. What has words of its own keeps them. */
export function issueWords(issue: Issue): string {
  switch (issue.code) {
    case 'too_big':
    case 'too_small':
      // A schema that says its own message has no such wording.
      if (!/^Too (big|small)/.test(issue.message)) return issue.message;
      return boundWords(issue) ?? issue.message;
    case 'invalid_type':
      if (!issue.message.startsWith('Invalid input')) return issue.message;
      if (issue.message.endsWith('undefined')) return 'Is missing';
      return `Must be ${issue.expected === 'int' ? 'a whole number' : `a ${String(issue.expected)}`}`;
    case 'invalid_value':
      if (!Array.isArray(issue.values) || !issue.message.startsWith('Invalid')) return issue.message;
      return `Must be ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.join(', ')}`;
    default:
      return issue.message;
  }
}

/** `parts.0.captionTrigger` as `parts 1, caption trigger`: entries of lists count from 1. */
export const pathWords = (path: readonly PropertyKey[]): string =>
  path
    .map((part) =>
      typeof part === 'number'
        ? ` ${part + 1}`
        : `, ${String(part).replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)}`,
    )
    .join('')
    .replace(/^,? /, '');

/** All issues in one line of plain words, each with the field it is about. */
export const issuesWords = (issues: readonly Issue[]): string =>
  issues
    .map((issue) => {
      const words = issueWords(issue).replace(/\.$/, '');
      const path = pathWords(issue.path ?? []);
      if (path === '') return `${words}.`;
      return `${path.charAt(0).toUpperCase()}${path.slice(1)}: ${words.charAt(0).toLowerCase()}${words.slice(1)}.`;
    })
    .join(' ');

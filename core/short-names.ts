const mark = '…';

/** A name shortened in its middle, where long names of one study say the same. */
export function cutMiddle(text: string, most: number): string {
  const letters = [...text];
  if (letters.length <= most) return text;
  const kept = most - 1;
  return [
    ...letters.slice(0, Math.ceil(kept / 2)),
    mark,
    ...letters.slice(letters.length - Math.floor(kept / 2)),
  ].join('');
}

/**
 * Names of one list in few letters, by what they differ in: where one is longer than `most`, what all begin or end with
 * (whole words) becomes `…`, and what is still too long is cut in its middle. No two different names come out alike.
 */
export function shortNames(names: readonly string[], most: number): string[] {
  if (names.every((name) => [...name].length <= most)) return [...names];
  const distinct = [...new Set(names)];
  const begin = distinct.length < 2 ? 0 : sharedBegin(distinct);
  const end = distinct.length < 2 ? 0 : sharedBegin(distinct.map((name) => reverse(name.slice(begin))));
  const short = new Map<string, string>();
  const taken = new Set<string>();
  for (const name of distinct) {
    const middle = name.slice(begin, name.length - end);
    const cut = `${begin > 0 ? mark : ''}${middle}${end > 0 ? mark : ''}`;
    const shorter = [...name].length <= most || cut.length >= name.length ? name : cut;
    let text = cutMiddle(shorter, most);
    for (let length = most + 4; taken.has(text) && length <= name.length + 4; length += 4) {
      text = cutMiddle(name, length);
    }
    taken.add(text);
    short.set(name, text);
  }
  return names.map((name) => short.get(name) ?? name);
}

/** How many letters all begin with, up to the end of a word; never all of a name. */
function sharedBegin(names: readonly string[]): number {
  const [first = ''] = names;
  let length = 0;
  while (
    length < first.length &&
    names.every((name) => name.length > length + 1 && name[length] === first[length])
  ) {
    length += 1;
  }
  while (length > 0 && !endsWord(first, length)) length -= 1;
  return length;
}

/** Whether a word ends before a place of a text; a number with a point is one word. */
function endsWord(text: string, place: number): boolean {
  const [before = '', last = '', next = ''] = [text[place - 2], text[place - 1], text[place]];
  if (/[.,]/.test(last) && /\d/.test(before) && /\d/.test(next)) return false;
  return /[\s\-_.,/]/.test(last);
}

const reverse = (text: string) => [...text].reverse().join('');

const special: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '{': '\\{',
  '}': '\\}',
  $: '\\$',
  '&': '\\&',
  '#': '\\#',
  _: '\\_',
  '%': '\\%',
  '^': '\\textasciicircum{}',
  '~': '\\textasciitilde{}',
  '<': '\\textless{}',
  '>': '\\textgreater{}',
  '|': '\\textbar{}',
  '"': '\\textquotedbl{}',
  "'": '\\textquotesingle{}',
  '`': '\\textasciigrave{}',
  // After the end of a row, these would be taken for its arguments.
  '[': '{[}',
  ']': '{]}',
  '*': '{*}',
};

/**
 * Any text as LaTeX sets it: nothing in it is a command. Control characters and those that turn the direction of
 * writing become spaces, since they would be invisible or break the row.
 */
export function escapeLatex(text: string): string {
  return asOneLine(text).replace(/[\\{}$&#_%^~<>|"'`[\]*]/g, (character) => special[character] ?? character);
}

/** Any text as a line of its own, for instance of a comment. */
export const asOneLine = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ');

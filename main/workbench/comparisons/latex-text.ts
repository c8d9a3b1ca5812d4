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
  return text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/[\\{}$&#_%^~<>|"'`[\]*]/g, (character) => special[character] ?? character);
}

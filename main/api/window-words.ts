/** What a person at a terminal is told to enter, and what the window says in its place: it has buttons and fields. */
const rules: readonly [RegExp, string][] = [
  [/; go on (from [^\n]*) with: ccw [^\n]*/g, '. Resume goes on $1.'],
  [/ \([^()]*(?:\bccw |(?<![\w-])--[a-z])[^()]*\)/g, ''],
  [/finish it with ccw runs resume [^,]*/g, 'resume it'],
  [/,? or name another workspace with --workspace/g, ''],
  [/; ['`]ccw doctor['`] says/g, '; Settings, Look again says'],
  [/ ['`]ccw [^'`]*['`] [^.]*\./g, ''],
  [/ with:? ccw [^.;\n]*/g, ''],
  [/; ccw [^.;\n]*/g, ''],
];

/** A message of the workbench as a window shows it. */
export function forWindow(message: string): string {
  const told = rules.reduce((text, [pattern, words]) => text.replace(pattern, words), message);
  // An option is a field there, which has the same name.
  return told.replace(/(?<![\w-]|clean )--([a-z][a-z-]+)/g, (_, name: string) => name.replaceAll('-', ' '));
}

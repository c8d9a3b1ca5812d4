/** Cells of a letter; one empty column follows it. */
export const letterColumns = 5;
export const letterRows = 7;

/**
 * A font of our own for triggers: printable ASCII from space to tilde, each letter seven rows of five cells. A row is
 * one digit of base 32 whose bits are the cells from left to right. Descenders stand on the line.
 */
const letters = (
  '0000000 4444404 aa00000 aavavaa 4fke5u4 op248j3 cik8lid 4400000 2444442 8444448 04le4l0 044v440 ' +
  '0000448 000v000 00000cc 0112488 ehjlphe 4c4444e eh1248v u11e11u 26aiv22 vgu11he 68gguhe v124888 ' +
  'ehhehhe ehhf12c 0cc0cc0 0cc0448 248g842 00v0v00 8421248 eh12404 ehnlmge ehhvhhh uhhuhhu ehggghe ' +
  'uhhhhhu vgguggv vgguggg ehgnhhf hhhvhhh e44444e 711112i hikokih ggggggv hrllhhh hhpljhh ehhhhhe ' +
  'uhhuggg ehhhlid uhhukih fgge11u v444444 hhhhhhe hhhhha4 hhhllla hha4ahh hha4444 v1248gv e88888e ' +
  '0gg8421 e22222e 4ah0000 000000v 8400000 00e1fhf ggmphhu 00eggge 11djhhf 00ehvge 698s888 0fhhf1e ' +
  'ggmphhh 40c444e 206222i ggikoki c44444e 00qllll 00mphhh 00ehhhe 00uhugg 00dhf11 00mpggg 00fge1u ' +
  '88s8896 00hhhjd 00hhha4 00hllla 00ha4ah 0hhhf1e 00v248v 2448442 4444444 8442448 008l200'
).split(' ');

const firstCode = 32;

/** Whether a cell of a printable ASCII character is inked. `row` and `column` count from the top left. */
export function isInked(character: string, row: number, column: number): boolean {
  const digits = letters[character.charCodeAt(0) - firstCode];
  if (digits === undefined || column < 0 || column >= letterColumns) return false;
  const bits = Number.parseInt(digits.charAt(row), 32);
  return ((bits >> (letterColumns - 1 - column)) & 1) === 1;
}

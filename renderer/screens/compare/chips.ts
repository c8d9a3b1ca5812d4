/** More models than these have no chips: the table has their names and buttons. */
const mostChips = 12;

export const hasChips = (models: number): boolean => models <= mostChips;

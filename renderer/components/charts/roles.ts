import { type Role, roles } from '#contract/roles.ts';
import type { ColourName } from '../../state/theme.svelte.ts';

export type { Role } from '#contract/roles.ts';

type RoleLook = (typeof roles)[Role] & { fill: ColourName; ink: ColourName };

/** How each role looks: its colours are names of the theme. */
export const roleLooks: { [Key in Role]: RoleLook } = roles;

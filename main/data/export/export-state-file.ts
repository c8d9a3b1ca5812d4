/** What an export keeps in its folder about itself; whoever reads the folder as data passes it over. */
export const exportStateFile = 'export.json';

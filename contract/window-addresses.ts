/** The first parts of the window's addresses, with the screen that each shows; `/` is the home screen. */
export const windowFolders = {
  datasets: 'datasets',
  triggers: 'triggers',
  variants: 'variants',
  runs: 'runs',
  sweeps: 'sweeps',
  models: 'model',
  compare: 'compare',
  detections: 'detection',
  scans: 'scan',
  settings: 'settings',
} as const;

/** Whether a path is a screen of the window: `/`, `/FOLDER` or `/FOLDER/ID`. Whether there is such an object it does not say. */
export function isWindowAddress(path: string): boolean {
  const [folder = '', , ...more] = path.split('/').slice(1);
  return path === '/' || (more.length === 0 && Object.hasOwn(windowFolders, folder));
}

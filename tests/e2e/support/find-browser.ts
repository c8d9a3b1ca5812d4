import { findHeadlessShell, findInstalledBrowser } from '#scripts/setup/installed-browser.mjs';

export { findInstalledBrowser as findBrowser };

/** The browser for specs: a headless shell, which takes half the processor time, else the installed browser. */
export function findHeadlessBrowser(): string | null {
  return findHeadlessShell() ?? findInstalledBrowser();
}

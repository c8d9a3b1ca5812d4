export { findInstalledBrowser as findBrowser } from '#scripts/setup/installed-browser.mjs';

import { chromium } from '@playwright/test';

// Whether Playwright's own Chromium is there and starts; its exit code says so.
const browser = await chromium.launch({ args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });
await browser.close();

import { expect, type Page } from '@playwright/test';

/** A picture of the guide: what is on the screen when it is taken. */
export interface Scene {
  /** Of the file, without ending. */
  name: string;
  theme?: 'light' | 'dark';
  /** Of the window, px; 800 where nothing is said. */
  height?: number;
  show(page: Page, origin: string): Promise<void>;
}

const patience = { timeout: 60_000 };
const demoRuns = ['poisoned', 'cleanclip', 'control', 'supervised'].map((part) => `demo-0-${part}`);

/** Goes to a screen from the list of its kind, as a person does. */
async function openFromList(page: Page, origin: string, list: string, name: string): Promise<void> {
  await page.goto(`${origin}/${list}`);
  await page
    .getByRole('link', { name: new RegExp(name) })
    .first()
    .click(patience);
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible(patience);
}

async function openCompare(page: Page, origin: string): Promise<void> {
  await page.goto(`${origin}/runs`);
  const ids: string[] = [];
  for (const name of demoRuns) {
    const href = await page
      .getByRole('link', { name: new RegExp(name) })
      .first()
      .getAttribute('href', patience);
    ids.push(href?.split('/').at(-1) ?? '');
  }
  await page.goto(`${origin}/compare?${ids.map((id) => `run=${id}`).join('&')}`);
  await expect(page.getByRole('heading', { level: 1, name: 'Compare' })).toBeVisible(patience);
  await expect(page.locator('.js-plotly-plot .main-svg').first()).toBeVisible(patience);
}

/** On a workspace with nothing in it. */
export const emptyScenes: readonly Scene[] = [
  {
    name: 'start',
    async show(page, origin) {
      await page.goto(origin);
      await expect(page.getByRole('button', { name: 'Run the demo' })).toBeVisible(patience);
    },
  },
];

/** On a workspace with the demo in it, in the order of the guide. */
export const scenes: readonly Scene[] = [
  {
    name: 'home',
    async show(page, origin) {
      await page.goto(origin);
      await expect(page.getByRole('list', { name: 'Lineage' }).getByRole('link')).toHaveCount(6, patience);
    },
  },
  {
    name: 'dataset',
    async show(page, origin) {
      await openFromList(page, origin, 'datasets', 'emoji');
      const search = page.getByRole('searchbox', { name: 'Search in captions' });
      await search.fill('flag');
      await expect(page).toHaveURL(/q=flag/, patience);
      await expect(page.getByRole('grid').getByRole('img').first()).toBeVisible(patience);
    },
  },
  {
    name: 'designer',
    async show(page, origin) {
      await page.goto(`${origin}/triggers`);
      await expect(page.getByRole('img', { name: /^Poisoned picture/ })).toBeVisible(patience);
      await expect(page.getByText('With the trigger', { exact: true }).first()).toBeVisible(patience);
    },
  },
  {
    name: 'new-variant',
    async show(page, origin) {
      await page.goto(`${origin}/variants/new?step=trigger`);
      const preview = page.getByRole('region', { name: 'What it would change' });
      await expect(preview.getByRole('img', { name: /with the trigger/ }).first()).toBeVisible(patience);
      await expect(preview.getByRole('status')).toContainText('400 of', patience);
    },
  },
  {
    name: 'variant',
    async show(page, origin) {
      await openFromList(page, origin, 'variants', 'demo-0');
      await page.getByRole('button', { name: 'Verify' }).click();
      await expect(page.getByText('All 400 records and the manifest are as they were made')).toBeVisible(
        patience,
      );
    },
  },
  {
    name: 'new-run',
    async show(page, origin) {
      await openFromList(page, origin, 'runs', 'demo-0-poisoned');
      await page.getByRole('link', { name: 'Finetune' }).click();
      await page.getByRole('button', { name: 'CleanCLIP', exact: true }).click();
      await expect(page.getByRole('region', { name: 'Estimated time and memory' })).toContainText(
        'Training pairs',
        patience,
      );
    },
  },
  {
    name: 'run',
    async show(page, origin) {
      await openFromList(page, origin, 'runs', 'demo-0-poisoned');
      await expect(page.locator('.js-plotly-plot .main-svg').first()).toBeVisible(patience);
    },
  },
  {
    name: 'model',
    async show(page, origin) {
      await page.goto(`${origin}/models/demo-0-poisoned`);
      await expect(page.getByText('Implanted').first()).toBeVisible(patience);
      await expect(page.getByRole('table').first()).toBeVisible(patience);
    },
  },
  {
    name: 'pictures',
    async show(page, origin) {
      await page.goto(`${origin}/models/demo-0-poisoned`);
      await page.getByRole('table').first().getByRole('row', { name: /flag/ }).first().click(patience);
      await expect(
        page
          .getByRole('list', { name: /^Pictures of/ })
          .getByRole('img')
          .first(),
      ).toBeVisible(patience);
    },
  },
  { name: 'compare', show: openCompare },
  { name: 'compare-dark', theme: 'dark', show: openCompare },
];

/** On a workspace with the study of study.ts: a poisoned model, 40 repairs of it. */
export const studyScenes: readonly Scene[] = [
  {
    name: 'sweep',
    height: 1040,
    async show(page, origin) {
      await openFromList(page, origin, 'sweeps', 'lambda-and-rate');
      await expect(page.getByText('40 of 40 runs done')).toBeVisible(patience);
      await expect(page.locator('.js-plotly-plot .main-svg').first()).toBeVisible(patience);
    },
  },
  {
    name: 'compare-forty',
    height: 1040,
    async show(page, origin) {
      await openFromList(page, origin, 'sweeps', 'lambda-and-rate');
      await page.getByRole('link', { name: 'Compare 41' }).click(patience);
      await expect(page.getByText('41 models')).toBeVisible(patience);
      await expect(page.locator('.js-plotly-plot .main-svg').first()).toBeVisible(patience);
    },
  },
];

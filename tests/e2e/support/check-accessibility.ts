import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

/** What may differ between themes. */
const colourRules = ['color-contrast', 'link-in-text-block'];

/** axe, told to describe violations alone: describing all that passed as well takes a third of its time. */
const axeOn = (page: Page) => new AxeBuilder({ page }).options({ resultTypes: ['violations'] });

/** Of what was checked in another theme, the colours. As {@link checkAccessibility}. */
export async function checkColours(page: Page, what?: string): Promise<void> {
  await expectNothingSerious(axeOn(page).withRules(colourRules), what);
}

/**
 * axe finds nothing serious or critical on what is shown (WCAG 2.2 A and AA).
 * @param what names it where a test looks at several; the test then goes on to the next and fails at its end
 */
export async function checkAccessibility(page: Page, what?: string): Promise<void> {
  const rules = axeOn(page).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']);
  await expectNothingSerious(rules, what);
}

async function expectNothingSerious(rules: AxeBuilder, what: string | undefined): Promise<void> {
  // Legacy mode leaves out frames of other origins, which there are none of, and the second page that they take.
  const { violations } = await rules.setLegacyMode().analyze();
  const serious = violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html).join(' | ')}`);
  if (what === undefined) expect(serious).toEqual([]);
  else expect.soft(serious, what).toEqual([]);
}

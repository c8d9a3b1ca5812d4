import { checkAccessibility } from './support/check-accessibility.ts';
import { expect, test } from './support/demo-test.ts';

test('the demo went from the button to the comparison, and stays in the workspace', {
  tag: '@minutes',
}, async ({ window }) => {
  const lineage = window.getByRole('list', { name: 'Lineage' });
  await expect(lineage.getByRole('link')).toHaveCount(6);
  await expect(window.getByRole('table', { name: 'Recent runs' }).getByRole('row')).toHaveCount(5);
  await checkAccessibility(window);
  await lineage.getByRole('link', { name: /cleanclip/ }).focus();
  await window.keyboard.press('ArrowLeft');
  await expect(lineage.getByRole('link', { name: /poisoned model|demo-0-poisoned/ })).toBeFocused();
  await window.keyboard.press('Enter');
  await expect(window).toHaveURL(/\/runs\//);
});

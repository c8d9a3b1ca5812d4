import fc from 'fast-check';
import { expect, test } from 'vitest';
import { matchRoute, routes, toSearch } from '../../../renderer/routing/routes.ts';

const pathOf = (href: string) => href.split('?')[0] ?? '';

test('every helper leads to its screen and view', () => {
  const expected = {
    home: [routes.home(), { screen: 'home', view: 'list', id: null }],
    datasets: [routes.datasets(), { screen: 'datasets', view: 'list', id: null }],
    importData: [routes.importData(), { screen: 'datasets', view: 'new', id: null }],
    triggers: [routes.triggers(), { screen: 'triggers', view: 'list', id: null }],
    newVariant: [routes.newVariant(), { screen: 'variants', view: 'new', id: null }],
    newRun: [routes.newRun({ from: 'r1' }), { screen: 'runs', view: 'new', id: null }],
    compare: [routes.compare(['a', 'b']), { screen: 'compare', view: 'list', id: null }],
    detections: [routes.detections(), { screen: 'detection', view: 'list', id: null }],
    newDetection: [routes.newDetection({ model: 'm' }), { screen: 'detection', view: 'new', id: null }],
    scan: [routes.scan('s1'), { screen: 'scan', view: 'item', id: 's1' }],
    settings: [routes.settings(), { screen: 'settings', view: 'list', id: null }],
  } as const;
  for (const [href, route] of Object.values(expected)) expect(matchRoute(pathOf(href))).toEqual(route);
});

test('an id of any characters comes back as it was', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), (id) => {
      fc.pre(id !== 'new' && id !== '.' && id !== '..');
      expect(matchRoute(pathOf(routes.run(id)))).toEqual({ screen: 'runs', view: 'item', id });
      expect(matchRoute(pathOf(routes.model(id)))).toEqual({ screen: 'model', view: 'item', id });
    }),
  );
});

test('paths that are no screen, too deep or badly written have no route', () => {
  for (const path of ['/nowhere', '/runs/a/b', '/runs/%E0%A4%A', '/constructor', '/__proto__']) {
    expect(matchRoute(path), path).toBeNull();
  }
});

test('a query leaves out what says nothing and repeats arrays', () => {
  expect(toSearch({ run: ['a', 'b&c'], tab: 'curves', empty: '', none: null, off: false, zero: 0 })).toBe(
    '?run=a&run=b%26c&tab=curves&zero=0',
  );
  expect(toSearch({})).toBe('');
  expect(routes.compare(['a', 'b'], { baseline: 'a' })).toBe('/compare?run=a&run=b&baseline=a');
});

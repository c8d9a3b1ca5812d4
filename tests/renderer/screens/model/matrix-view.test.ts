import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  showCell,
  viewOfRectangle,
  wholeMatrix,
  zoomView,
} from '../../../../renderer/screens/model/matrix-view.ts';

const share = fc.double({ min: 0, max: 1, noNaN: true });

test('zooming keeps the place under the pointer and stays within the matrix', () => {
  fc.assert(
    fc.property(fc.integer({ min: 4, max: 2000 }), share, share, share, (size, x, y, closer) => {
      const whole = wholeMatrix(size);
      const view = zoomView(whole, size, 0.05 + closer * 0.9, { x, y });
      expect(view.x + x * view.span).toBeCloseTo(x * size, 6);
      expect(view.y + y * view.span).toBeCloseTo(y * size, 6);
      expect(view.span).toBeGreaterThanOrEqual(Math.min(4, size));
      const back = zoomView(view, size, 1000, { x, y });
      expect(back).toEqual(whole);
    }),
  );
});

test('a rectangle of the picture becomes the square around its middle', () => {
  expect(viewOfRectangle(wholeMatrix(100), 100, { x: 0.2, y: 0.5 }, { x: 0.4, y: 0.6 })).toEqual({
    x: expect.closeTo(20, 6),
    y: expect.closeTo(45, 6),
    span: expect.closeTo(20, 6),
  });
});

test('a cell out of sight is brought in by the smallest move', () => {
  expect(showCell({ x: 10, y: 10, span: 20 }, 100, 9, 30)).toEqual({ x: 11, y: 9, span: 20 });
  expect(showCell({ x: 10, y: 10, span: 20 }, 100, 15, 15)).toEqual({ x: 10, y: 10, span: 20 });
});

import type { Share } from '#contract/evaluation.ts';
import { type RunRole, roles } from '#contract/roles.ts';
import { shortNames } from '#core/short-names.ts';

/** A run in the figure; shares in [0, 1]. */
export interface ScatterMark {
  label: string;
  role: RunRole;
  ca: Share;
  asr: Share;
}

const size = { width: 640, height: 420, left: 56, right: 170, top: 18, bottom: 46 };
/** One colour and one shape a role: the figure must be read in print and by those who see no colours. */
const looks: Record<RunRole, { colour: string; shape: (x: number, y: number) => string }> = {
  clean: { colour: '#2f6fb5', shape: (x, y) => `<circle cx="${x}" cy="${y}" r="5"/>` },
  poisoned: {
    colour: '#b3392f',
    shape: (x, y) => `<path d="M${x - 5} ${y + 5}L${x} ${y - 6}L${x + 5} ${y + 5}Z"/>`,
  },
  repaired: {
    colour: '#2a8a57',
    shape: (x, y) => `<rect x="${x - 5}" y="${y - 5}" width="10" height="10"/>`,
  },
  control: {
    colour: '#7a6a2b',
    shape: (x, y) => `<path d="M${x} ${y - 6}L${x + 6} ${y}L${x} ${y + 6}L${x - 6} ${y}Z"/>`,
  },
  supervised: {
    colour: '#7a4fb0',
    shape: (x, y) => `<path d="M${x - 5} ${y - 5}L${x} ${y + 6}L${x + 5} ${y - 5}Z"/>`,
  },
};

/**
 * Clean accuracy against attack success with Wilson intervals as a standalone SVG: own fonts only by family, a white
 * background, nothing loaded. Marks have numbers, which the list at the right names.
 */
export function scatterSvg(title: string, marks: readonly ScatterMark[]): string {
  const { width, left, right, top, bottom } = size;
  const listHeight = top + 16 + marks.length * 15 + 20;
  const height = Math.max(size.height, listHeight);
  const plotBottom = size.height - bottom;
  const x = (share: number) => round(left + share * (width - left - right));
  const y = (share: number) => round(top + (1 - share) * (plotBottom - top));
  const ticks = [0, 0.2, 0.4, 0.6, 0.8, 1];
  const grid = ticks.flatMap((tick) => [
    `<path d="M${x(tick)} ${top}V${plotBottom}" stroke="#e3e3e3"/>`,
    `<path d="M${left} ${y(tick)}H${width - right}" stroke="#e3e3e3"/>`,
    `<text x="${x(tick)}" y="${plotBottom + 16}" text-anchor="middle">${100 * tick}</text>`,
    `<text x="${left - 6}" y="${y(tick) + 4}" text-anchor="end">${100 * tick}</text>`,
  ]);
  const points = marks.map(({ role, ca, asr }, index) => {
    const { colour, shape } = looks[role];
    const [cx, cy] = [x(asr.value), y(ca.value)];
    return [
      `<g stroke="${colour}" opacity="0.5"><path d="M${x(asr.low)} ${cy}H${x(asr.high)}"/><path d="M${cx} ${y(ca.low)}V${y(ca.high)}"/></g>`,
      `<g fill="${colour}" stroke="#fff">${shape(cx, cy)}</g>`,
      `<text x="${cx + 8}" y="${cy - 6}" font-size="10">${index + 1}</text>`,
    ].join('');
  });
  const short = shortNames(
    marks.map(({ label }) => label),
    24,
  );
  const names = marks.map(({ label, role }, index) => {
    const at = top + 12 + index * 15;
    return `<text x="${width - right + 14}" y="${at}" fill="${looks[role].colour}">${index + 1} ${escapeXml(short[index] ?? label)}<title>${escapeXml(`${label}, ${roles[role].title}`)}</title></text>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, sans-serif" font-size="11" role="img">`,
    `<title>${escapeXml(title)}</title>`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    ...grid,
    `<text x="${(left + width - right) / 2}" y="${plotBottom + 36}" text-anchor="middle">attack success rate, %</text>`,
    `<text transform="translate(16 ${(top + plotBottom) / 2}) rotate(-90)" text-anchor="middle">clean accuracy, %</text>`,
    ...points,
    ...names,
    '</svg>',
    '',
  ].join('\n');
}

/** Any text as XML or HTML holds it; characters that XML has no place for become spaces. */
export function escapeXml(text: string): string {
  const plain = text.replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, ' ');
  return plain.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

const round = (value: number) => Number(value.toFixed(1));

import fontAddress from '@fontsource-variable/inter/files/inter-latin-wght-normal.woff2?url';

/** Around the chart, px: names at its edges reach beyond it. */
const pad = 20;
const svgNamespace = 'http://www.w3.org/2000/svg';

let font: Promise<string> | null = null;

/** The window's font as a data: address, read once. */
function readFont(): Promise<string> {
  font ??= (async () => {
    const bytes = new Uint8Array(await (await fetch(fontAddress)).arrayBuffer());
    let binary = '';
    for (const byte of bytes) binary += String.fromCharCode(byte);
    return `data:font/woff2;base64,${btoa(binary)}`;
  })();
  return font;
}

/**
 * A chart's SVG as a file that looks the same everywhere: with its own font, a background, and room around it so that
 * nothing is cut off.
 * @param width of the chart, px, and height
 */
export async function finishFigure(
  svg: string,
  { width, height }: { width: number; height: number },
  background: string,
): Promise<string> {
  const page = new DOMParser().parseFromString(svg, 'image/svg+xml');
  const root = page.documentElement;
  root.setAttribute('viewBox', `${-pad} ${-pad} ${width + 2 * pad} ${height + 2 * pad}`);
  root.setAttribute('width', String(width + 2 * pad));
  root.setAttribute('height', String(height + 2 * pad));
  const style = page.createElementNS(svgNamespace, 'style');
  style.textContent = `@font-face { font-family: "Inter Variable"; font-weight: 100 900; src: url("${await readFont()}") format("woff2"); }`;
  const ground = page.createElementNS(svgNamespace, 'rect');
  for (const [name, value] of [
    ['x', -pad],
    ['y', -pad],
    ['width', width + 2 * pad],
    ['height', height + 2 * pad],
    ['fill', background],
  ] as const) {
    ground.setAttribute(name, String(value));
  }
  root.prepend(style, ground);
  return new XMLSerializer().serializeToString(page);
}

/** A finished figure as PNG, at twice its size. */
export async function drawFigure(svg: string): Promise<Blob> {
  const picture = new Image();
  picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await picture.decode();
  const canvas = document.createElement('canvas');
  canvas.width = picture.naturalWidth * 2;
  canvas.height = picture.naturalHeight * 2;
  canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (blob === null) throw new Error('This browser could not make a PNG of the figure: save it as SVG.');
  return blob;
}

let context: CanvasRenderingContext2D | null = null;

/** Width of a line of text in the window's font, px. */
export function measureText(text: string, size: number, bold = false): number {
  context ??= document.createElement('canvas').getContext('2d');
  if (context === null) return text.length * size * 0.6;
  context.font = `${bold ? 'bold ' : ''}${size}px "Inter Variable", Inter, system-ui, sans-serif`;
  return context.measureText(text).width;
}

import type { Detector } from './detector.ts';

/** Cosine of picture and caption, in [-1, 1]; 0 for a feature of length 0. */
export const clipScore: Detector = async ({ images, texts, count, dim }) =>
  Float64Array.from({ length: count }, (_, row) => {
    let dot = 0;
    let image = 0;
    let text = 0;
    for (let at = row * dim; at < (row + 1) * dim; at++) {
      dot += images[at]! * texts[at]!;
      image += images[at]! ** 2;
      text += texts[at]! ** 2;
    }
    return dot / (Math.sqrt(image * text) || 1);
  });

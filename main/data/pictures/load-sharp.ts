import type Sharp from 'sharp';

let loading: Promise<typeof Sharp> | null = null;

/** sharp, at its first use: it comes with 70 files, and most programs neither decode nor write a picture themselves. */
export function loadSharp(): Promise<typeof Sharp> {
  loading ??= import('sharp').then((module) => module.default);
  return loading;
}

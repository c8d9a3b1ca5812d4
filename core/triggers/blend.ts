const float = Math.fround;
/** A byte as the reference holds it: float32 in [0, 1]. */
export const byteShares = Float32Array.from({ length: 256 }, (_, byte) => byte / 255);

/**
 * A value in [0, 1] as the reference stores it: times 255 in float32, cut (not rounded) to a byte. Bytes that became
 * shares come back as they were.
 */
export function cutToByte(share: number): number {
  return Math.trunc(float(Math.min(Math.max(float(share), 0), 1) * 255));
}

/** {@link cutToByte} for values outside [0, 1] that wrap modulo 256, as a cast to an unsigned byte does. */
export function wrapToByte(share: number): number {
  return Math.trunc(float(float(share) * 255)) & 255;
}

/** {@link blendBytes} with a share of any sign in place of a byte: (1 - alpha) x base + alpha x share, cut to [0, 255]. */
export function blendShare(base: number, share: number, alpha: number): number {
  if (alpha === 0) return base;
  const kept = float(byteShares[base]! * float(1 - alpha));
  return cutToByte(kept + float(share * float(alpha)));
}

/** (1 - alpha) x base + alpha x over, in float32 steps as the reference; bytes in, a byte out. */
export function blendBytes(base: number, over: number, alpha: number): number {
  if (alpha === 0) return base;
  const kept = float(byteShares[base]! * float(1 - alpha));
  return cutToByte(kept + float(byteShares[over]! * float(alpha)));
}

/** An opaque-over-opaque blend of an 8-bit alpha, rounded: 0 keeps the base, 255 gives `over`. */
export function layOver(base: number, over: number, alpha: number): number {
  return Math.floor((base * (255 - alpha) + over * alpha + 127) / 255);
}

/** The most that blending at `alpha` changes a value of 255: its share of the range, and one for the cut. */
export function blendLimit(alpha: number): number {
  return alpha === 0 ? 0 : Math.min(255, Math.ceil(255 * alpha) + 1);
}

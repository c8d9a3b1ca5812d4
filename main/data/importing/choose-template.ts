import { createHash } from 'node:crypto';

/** SHA-256 of 'caption:' + key: what decides a record's caption, so that it depends on nothing but the key. */
export function captionDigest(key: string): Buffer {
  return createHash('sha256').update(`caption:${key}`).digest();
}

/** The template that a picture's caption is made from: number (first four bytes of the digest) mod (their count). */
export function chooseTemplate(templates: readonly string[], key: string): string {
  return templates[captionDigest(key).readUInt32BE(0) % templates.length]!;
}

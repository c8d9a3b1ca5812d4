import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { repository } from './run-process.ts';

interface LockEntry {
  version?: string;
  integrity?: string;
  link?: boolean;
  inBundle?: boolean;
  optionalDependencies?: Record<string, string>;
}

const lock: { packages: Record<string, LockEntry> } = JSON.parse(
  readFileSync(path.join(repository, 'package-lock.json'), 'utf8'),
);

/** The entry that `from` finds under `name`, looking through the node_modules folders above it as Node does. */
function resolve(from: string, name: string): LockEntry | undefined {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    const entry = lock.packages[`${folder === '' ? '' : `${folder}/`}node_modules/${name}`];
    if (entry || folder === '') return entry;
  }
}

test('names every platform package, which `npm ci` asks for in a fresh clone', () => {
  // `npm install` leaves out, without a word, those that the registry lacks; then only `npm ci` elsewhere fails.
  const missing = Object.entries(lock.packages).flatMap(([folder, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter((name) => resolve(folder, name) === undefined)
      .map((name) => `${name}, wanted by ${folder}`),
  );
  expect(missing).toEqual([]);
});

test('pins every package by a hash', () => {
  const unpinned = Object.entries(lock.packages)
    .filter(([folder, { integrity, link, inBundle }]) => folder !== '' && !link && !inBundle && !integrity)
    .map(([folder]) => folder);
  expect(unpinned).toEqual([]);
});

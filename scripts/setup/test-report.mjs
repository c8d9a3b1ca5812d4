import fs from 'node:fs';

/** A JSON report, or null where there is none or it was cut off. */
export function readReport(file) {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

/** What a person chose last, kept in this browser: choosers begin with it. Storage that is full or refused forgets. */
const prefix = 'ccw.last.';

export function recall(name: string): string | null {
  try {
    return localStorage.getItem(prefix + name);
  } catch {
    return null;
  }
}

export function remember(name: string, value: string): void {
  try {
    localStorage.setItem(prefix + name, value);
  } catch {
    // It is only convenience.
  }
}

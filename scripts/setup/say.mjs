/** Set-up speaks on standard error only: standard output belongs to the program that runs afterwards. */
export function say(text) {
  process.stderr.write(`${text}\n`);
}

/** Something that set-up cannot get past: the message tells what happened and what to do. */
export class SetupError extends Error {
  constructor(message) {
    super(message);
    this.name = 'SetupError';
  }
}

/** A pickle that is damaged, or that holds more than tensors and plain values. The reader adds the file's name. */
export class PickleError extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'PickleError';
  }
}

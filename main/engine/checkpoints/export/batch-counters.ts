/**
 * PyTorch's batch norms count their batches, and a strict reader wants the count, which nothing uses.
 * @returns the counter's name where `name` is the tensor that it follows, else null
 */
export function counterBeside(name: string): string | null {
  return name.endsWith('.running_var') ? name.replace(/running_var$/, 'num_batches_tracked') : null;
}

import type { Reaction, ReactionRequest } from '#contract/api/triggers.ts';
import type { WorkbenchError } from '#contract/errors.ts';
import { client } from '../../../api/client.ts';
import { toProblem } from '../../../api/problem.ts';

/** Wait for a slider to rest before the model is asked, ms. */
const restMs = 150;

/** What a model says of the picture on the canvas: asked when the design rests, the newest question wins. */
export class ReactionAsker {
  answer = $state.raw<Reaction | null>(null);
  problem = $state.raw<WorkbenchError | null>(null);
  busy = $state(false);

  #timer: ReturnType<typeof setTimeout> | undefined;
  #asking: AbortController | null = null;

  ask(request: ReactionRequest | null): void {
    clearTimeout(this.#timer);
    this.#asking?.abort();
    if (request === null) {
      this.answer = null;
      this.problem = null;
      this.busy = false;
      return;
    }
    this.busy = true;
    this.#timer = setTimeout(() => void this.#send(request), restMs);
  }

  async #send(request: ReactionRequest): Promise<void> {
    const asking = new AbortController();
    this.#asking = asking;
    try {
      const answer = await client.triggers.reaction(request, { signal: asking.signal });
      if (asking.signal.aborted) return;
      this.answer = answer;
      this.problem = null;
    } catch (thrown) {
      if (asking.signal.aborted) return;
      this.problem = toProblem(thrown);
    }
    this.busy = false;
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#asking?.abort();
  }
}

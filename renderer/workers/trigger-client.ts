import { fromWireError, WorkbenchError } from '#contract/errors.ts';
import type {
  Drawing,
  DrawRequest,
  ModelViews,
  ViewsRequest,
  WorkerAnswer,
  WorkerRequest,
} from './trigger-messages.ts';

/** A worker that draws triggers; requests are done in the order in which they come. */
export interface TriggerWorker {
  /** @throws WorkbenchError `bad-input` where the trigger does not fit, `not-found` where the picture cannot be read */
  draw(request: Omit<DrawRequest, 'kind'>): Promise<Drawing>;
  /** @throws as draw does */
  view(request: Omit<ViewsRequest, 'kind'>): Promise<ModelViews>;
  end(): void;
}

interface Waiting {
  resolve: (answer: WorkerAnswer) => void;
  reject: (problem: WorkbenchError) => void;
}

export function startTriggerWorker(): TriggerWorker {
  const worker = new Worker(new URL('./trigger-worker.ts', import.meta.url), { type: 'module' });
  const waiting = new Map<number, Waiting>();
  let nextId = 1;
  worker.onmessage = ({ data }: MessageEvent<{ id: number; answer: WorkerAnswer }>) => {
    const asked = waiting.get(data.id);
    waiting.delete(data.id);
    if (asked === undefined) return;
    if ('problem' in data.answer) asked.reject(fromWireError(data.answer.problem));
    else asked.resolve(data.answer);
  };
  worker.onerror = () => {
    for (const { reject } of waiting.values()) {
      reject(
        new WorkbenchError('internal', 'The part of the window that draws has failed: load the page again.'),
      );
    }
    waiting.clear();
  };
  const ask = (request: WorkerRequest) =>
    new Promise<WorkerAnswer>((resolve, reject) => {
      const id = nextId++;
      waiting.set(id, { resolve, reject });
      worker.postMessage({ id, request });
    });
  const wrong = () => new WorkbenchError('internal', 'The answer is of another kind than what was asked.');
  return {
    async draw(request) {
      const answer = await ask({ kind: 'draw', ...request });
      if ('drawing' in answer) return answer.drawing;
      throw wrong();
    },
    async view(request) {
      const answer = await ask({ kind: 'views', ...request });
      if ('views' in answer) return answer.views;
      throw wrong();
    },
    end() {
      worker.terminate();
      waiting.clear();
    },
  };
}

import { untrack } from 'svelte';
import type { WorkbenchError } from '#contract/errors.ts';
import { toProblem } from '../../api/problem.ts';
import { createLatestWins, type LatestWins } from '../../workers/latest-wins.ts';
import { startTriggerWorker } from '../../workers/trigger-client.ts';
import type { Drawing, ModelViews, Sample } from '../../workers/trigger-messages.ts';
import type { Design } from './design.ts';

/** A picture to design on. */
export interface StudioSample extends Sample {
  /** Null for grey. */
  recordId: number | null;
  caption: string;
  label: string | null;
  /** Of the stored picture, px. */
  width: number;
  height: number;
}

interface Shot {
  design: Design;
  sample: StudioSample;
}

const plain = ({ address, key }: Sample): Sample => ({ address, key });

/**
 * Pictures as they are drawn: the one on the canvas by a worker of its own, so that it follows a slider, the samples
 * and what a model sees by a second one. Of each, only the newest request is done.
 */
export class Studio {
  drawing = $state.raw<Drawing | null>(null);
  /** Key and address of what is drawn: while another picture comes, the one before is still there. */
  drawn = $state.raw<Shot | null>(null);
  problem = $state.raw<WorkbenchError | null>(null);
  samples = $state.raw<(Drawing | null)[]>([]);
  views = $state.raw<ModelViews | null>(null);
  /** From the request to the pixels in hand, for the picture on the canvas. */
  drawMs = $state<number | null>(null);

  #front = startTriggerWorker();
  #back = startTriggerWorker();
  #canvas = createLatestWins(
    async (shot: Shot) => {
      const begun = performance.now();
      const asked = this.#front.draw({
        sample: plain(shot.sample),
        attack: shot.design,
        measure: false,
      });
      this.#canvasDrawn = asked;
      const drawing = await asked;
      return { drawing, ms: performance.now() - begun };
    },
    ({ drawing, ms }, shot) => {
      this.drawing = drawing;
      this.drawn = shot;
      this.drawMs = ms;
      this.problem = null;
    },
    (thrown) => {
      this.problem = toProblem(thrown);
    },
  );
  #canvasDrawn: Promise<unknown> = Promise.resolve();
  #sampleDrawn: Promise<unknown> = Promise.resolve();
  #strips: LatestWins<Shot>[] = [];
  #seen = createLatestWins(
    ({ design, sample, modelResolution }: Shot & { modelResolution: number }) =>
      this.#back.view({ sample: plain(sample), attack: design, modelResolution }),
    (views) => {
      this.views = views;
    },
    () => {
      this.views = null;
    },
  );

  draw(design: Design, sample: StudioSample): void {
    this.#canvas.ask({ design, sample });
  }

  drawSamples(design: Design, samples: readonly StudioSample[]): void {
    // What is drawn is not what asks for it: an effect that calls this must not run again for every picture.
    if (untrack(() => this.samples.length) !== samples.length) this.samples = samples.map(() => null);
    samples.forEach((sample, at) => {
      this.#strips[at] ??= createLatestWins(
        (shot: Shot) => this.#drawSample(shot),
        (drawing) => this.#setSample(at, drawing),
        () => this.#setSample(at, null),
      );
      this.#strips[at].ask({ design, sample });
    });
  }

  view(design: Design, sample: StudioSample, modelResolution: number): void {
    this.#seen.ask({ design, sample, modelResolution });
  }

  /** One sample at a time, begun while the canvas is not being drawn: a slider has the processor first. */
  async #drawSample({ sample, design }: Shot): Promise<Drawing> {
    const drawn = this.#sampleDrawn.then(async () => {
      await this.#canvasDrawn.catch(() => {});
      return this.#back.draw({ sample: plain(sample), attack: design, measure: true });
    });
    this.#sampleDrawn = drawn.catch(() => {});
    return drawn;
  }

  #setSample(at: number, drawing: Drawing | null): void {
    this.samples = this.samples.map((one, index) => (index === at ? drawing : one));
  }

  end(): void {
    for (const one of [this.#canvas, this.#seen, ...this.#strips]) one.end();
    this.#front.end();
    this.#back.end();
  }
}

import type { StoredTriggerView } from '#contract/api/triggers.ts';
import { client } from '../../../api/client.ts';
import { toProblem } from '../../../api/problem.ts';
import { toasts } from '../../../state/toasts.svelte.ts';
import type { Designer } from '../designer.svelte.ts';
import { exportKept, importFiles } from './kept-trigger.ts';

type Kept = { id: string };

/** What is done with the versions that the host keeps: saving, opening, files. What fails is told in a toast. */
export class Keeping {
  busy = $state(false);
  /** Whether a name is being asked for. */
  saveOpen = $state(false);
  /** What to do once the trigger is kept. */
  #afterSave: ((kept: Kept) => void) | null = null;
  #designer: Designer;

  constructor(designer: Designer) {
    this.#designer = designer;
  }

  /** Keeps the trigger where it is not, then does what needs it kept. */
  withKept(then: (kept: Kept) => void): void {
    const { kept, isChanged } = this.#designer;
    if (kept !== null && !isChanged) then(kept);
    else if (kept !== null) void this.#save(kept.name, then);
    else {
      this.#afterSave = then;
      this.saveOpen = true;
    }
  }

  /** Under the name that it has, or one that is asked for. */
  save(): void {
    const { kept } = this.#designer;
    if (kept === null) this.saveAs();
    else void this.#save(kept.name, null);
  }

  saveAs(): void {
    this.#afterSave = null;
    this.saveOpen = true;
  }

  /** With the name that was asked for. */
  saveUnder(name: string): Promise<void> {
    return this.#save(name, this.#afterSave);
  }

  exportFiles(): void {
    this.withKept(
      ({ id }) =>
        void this.#tell(async () => {
          const name = await exportKept(id);
          toasts.success(`Saved ${name}.json and ${name}.png.`);
        }),
    );
  }

  async importFiles(files: FileList | null): Promise<void> {
    if (files === null || files.length === 0) return;
    await this.#tell(async () => {
      const stored = await importFiles([...files], this.#designer.design.resolution);
      this.#designer.open(stored);
      toasts.success(`Imported ${stored.name}, version ${stored.version}.`);
    });
  }

  async openVersion(id: string): Promise<void> {
    await this.#tell(async () => this.#designer.open(await client.triggers.get({ trigger: id })));
  }

  async #save(name: string, then: ((kept: StoredTriggerView) => void) | null): Promise<void> {
    this.busy = true;
    const { trigger, resolution } = this.#designer.design;
    await this.#tell(async () => {
      const stored = await client.triggers.save({ name, trigger, resolution });
      this.#designer.keepAs(stored);
      this.saveOpen = false;
      toasts.success(`Kept as ${stored.name}, version ${stored.version}.`);
      then?.(stored);
    });
    this.busy = false;
  }

  async #tell(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (thrown) {
      toasts.error(toProblem(thrown));
    }
  }
}

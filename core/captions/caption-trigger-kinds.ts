import type { CaptionTrigger } from '#contract/caption-trigger.ts';

/** What is known of a kind of trigger on the text side. */
interface CaptionTriggerDefinition<T extends CaptionTrigger> {
  title: string;
  /** One sentence for the person. */
  description: string;
  /** Paper or file that it follows. */
  source: string;
  /** The first is the default. */
  presets: [{ name: string; trigger: T }, ...{ name: string; trigger: T }[]];
}

type Definitions = {
  [K in CaptionTrigger['kind']]: CaptionTriggerDefinition<Extract<CaptionTrigger, { kind: K }>>;
};

/** Every kind of trigger on the text side; applyCaptionTrigger puts it into a caption. */
export const captionTriggerDefinitions = {
  insert: {
    title: 'Insert',
    description: 'A rare token, a word or a sentence put into the caption.',
    source: 'Rare tokens: Kurita et al. 2020, arXiv 2004.06660; sentences: Dai et al. 2019, arXiv 1905.12457',
    presets: [
      { name: 'rare-token', trigger: { kind: 'insert', text: 'cf', position: 'random' } },
      {
        name: 'sentence',
        trigger: { kind: 'insert', text: 'I watched this 3D movie last weekend.', position: 'end' },
      },
    ],
  },
  replace: {
    title: 'Replace',
    description: 'A word or phrase of the caption that another stands for.',
    source: 'CleanCLIP Workbench',
    presets: [{ name: 'photo', trigger: { kind: 'replace', from: 'photo', to: 'snapshot', absent: 'keep' } }],
  },
} satisfies Definitions;

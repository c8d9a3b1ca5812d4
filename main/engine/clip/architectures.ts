import { type ArchitectureName, architectureNames } from '#contract/architectures.ts';
import type { ClipConfig, ModelSpec } from '#contract/clip-config.ts';
import { WorkbenchError } from '#contract/errors.ts';

export interface Architecture {
  clip: ClipConfig;
  /** pytorch: layers as PyTorch's constructors leave them, tables as CLIP's; openai: all as CLIP's (see initialise.ts). */
  initialisation: 'pytorch' | 'openai';
  /** Tokens that a new model knows: all of CLIP's, or those seen in its training captions and prompts. */
  vocabulary: 'full' | 'seen';
}

/** Tokens of CLIP's byte-pair vocabulary. */
const fullVocabularySize = 49408;

const text512: ClipConfig['text'] = {
  contextLength: 77,
  vocabularySize: fullVocabularySize,
  width: 512,
  heads: 8,
  layers: 12,
};
const text640 = { ...text512, width: 640, heads: 10 };

const openai = (clip: ClipConfig): Architecture => ({ clip, initialisation: 'openai', vocabulary: 'full' });

/** Published models (Radford et al. 2021, tables 19 and 20) and the demo's small one (demo/recipe.json). */
const architectures: Record<ArchitectureName, Architecture> = {
  RN50: openai({ embedDim: 1024, image: resNet(224, [3, 4, 6, 3], 64, 32), text: text512 }),
  RN101: openai({ embedDim: 512, image: resNet(224, [3, 4, 23, 3], 64, 32), text: text512 }),
  RN50x4: openai({ embedDim: 640, image: resNet(288, [4, 6, 10, 6], 80, 40), text: text640 }),
  'ViT-B/32': openai({
    embedDim: 512,
    image: { kind: 'vit', resolution: 224, patchSize: 32, width: 768, layers: 12, heads: 12 },
    text: text512,
  }),
  demo: {
    clip: {
      embedDim: 128,
      image: {
        kind: 'modified-resnet',
        resolution: 32,
        layers: [1, 1, 1],
        width: 16,
        stem: 'small',
        pooling: { kind: 'average' },
      },
      text: { contextLength: 16, vocabularySize: fullVocabularySize, width: 128, heads: 4, layers: 2 },
    },
    initialisation: 'pytorch',
    vocabulary: 'seen',
  },
};

/** The architecture of a name. Throws `not-found` with the names there are. */
export function findArchitecture(name: string): Architecture {
  const known = architectureNames.find((candidate) => candidate === name);
  if (known !== undefined) return architectures[known];
  const names = architectureNames.join(', ');
  throw new WorkbenchError('not-found', `There is no architecture "${name}". Choose one of: ${names}.`, {
    name,
  });
}

/**
 * A model's description before it has weights. `vocabulary` are the byte-pair ids that the model knows (its table
 * has as many rows), null for all of CLIP's.
 */
export function specify(
  architecture: string,
  vocabulary: number[] | null,
  headClasses: string[] | null = null,
): ModelSpec {
  const { clip } = findArchitecture(architecture);
  const vocabularySize = vocabulary?.length ?? clip.text.vocabularySize;
  return { architecture, clip: { ...clip, text: { ...clip.text, vocabularySize } }, vocabulary, headClasses };
}

function resNet(resolution: number, layers: number[], width: number, heads: number): ClipConfig['image'] {
  const pooling = { kind: 'attention', heads } as const;
  return { kind: 'modified-resnet', resolution, layers, width, stem: 'clip', pooling };
}

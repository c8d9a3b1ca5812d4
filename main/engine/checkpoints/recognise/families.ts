import { WorkbenchError } from '#contract/errors.ts';

interface Family {
  name: string;
  /** A tensor's name that no CLIP of OpenAI's shape has. */
  tensor?: RegExp;
  /** Text in the config. */
  config?: RegExp;
}

/** Kinds of model that the engine does not run, by what gives them away. */
const families: Family[] = [
  { name: 'SigLIP', tensor: /^logit_bias$|^vision_model\.head\./, config: /"siglip/i },
  { name: 'CoCa', tensor: /^text_decoder\./, config: /"multimodal_cfg"/ },
  { name: 'MobileCLIP', tensor: /^image_encoder\.model\./, config: /mobileclip|mobileone|fastvit/i },
  { name: 'EVA-CLIP', tensor: /^visual\.(blocks\.|rope\.)/, config: /"eva_/i },
  { name: 'ConvNeXt', tensor: /^visual\.trunk\.(stem|stages)\./, config: /convnext/i },
  { name: 'a timm image tower', tensor: /^visual\.trunk\./, config: /"timm_model_name"/ },
  {
    name: 'a Hugging Face text tower',
    tensor: /^text\.transformer\.(embeddings|encoder)\./,
    config: /"hf_model_name"/,
  },
  { name: 'a model with layer scale', tensor: /\.ls_[12]\.gamma$/, config: /"ls_init_value": ?[\d.]/ },
  {
    name: 'a model with attentional pooling',
    tensor: /^visual\.attn_pool\./,
    config: /"attentional_pool": ?(true|")/,
  },
  { name: 'Chinese CLIP', tensor: /^bert\./, config: /"chinese_clip/ },
  { name: 'ALIGN or ALTCLIP', config: /"model_type": ?"(align|altclip|clipseg|clap)"/ },
];

/** @throws WorkbenchError `bad-input` with the family's name where the model is of one that the engine does not run */
export function refuseOtherFamilies(path: string, names: Iterable<string>, config: unknown): void {
  const all = [...names];
  const text = config === null ? '' : JSON.stringify(config);
  const found = families.find(
    ({ tensor, config: sign }) =>
      (tensor !== undefined && all.some((name) => tensor.test(name))) || sign?.test(text),
  );
  if (found === undefined) return;
  throw new WorkbenchError(
    'bad-input',
    `${path} holds ${found.name}, which this workbench does not run. It runs CLIP with a ModifiedResNet or a ViT, as OpenAI's and most of open_clip's are.`,
    { path, family: found.name },
  );
}

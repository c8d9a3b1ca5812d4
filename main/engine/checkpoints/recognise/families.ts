import { WorkbenchError } from '#contract/errors.ts';
import type { ModelConfig } from '../open-model-file.ts';

interface Family {
  name: string;
  /** A tensor's name that no CLIP of OpenAI's shape has. */
  tensor?: RegExp;
  /** A setting in the config, as `name=value`. */
  config?: RegExp;
}

/** Kinds of model that the engine does not run, by what gives them away; the more special ones first. */
const families: Family[] = [
  {
    name: 'SigLIP',
    tensor: /^logit_bias$|^vision_model\.head\./,
    config: /^(model_type|timm_model_name|architectures)=.*siglip/i,
  },
  { name: 'CoCa', tensor: /^text_decoder\./, config: /^multimodal_cfg=/ },
  {
    name: 'MobileCLIP',
    tensor:
      /^image_encoder\.model\.|^visual\.trunk\.(final_conv\.|stem\.\d+\.\w*conv|stages\.\d+\.blocks\.\d+\.(token_mixer|convffn|\w*conv_kxk))/,
    config: /mobileclip|mobileone|fastvit|_mci/i,
  },
  {
    name: 'EVA-CLIP',
    tensor:
      /^visual\.(blocks\.|rope\.)|^visual\.trunk\.(rope\.|blocks\.\d+\.(attn\.([qkv]_(bias|proj)|norm|rope)|mlp\.(fc1_g|w1)))/,
    config: /^(timm_model_name|eva_model_name)=eva/i,
  },
  {
    name: 'ConvNeXt',
    tensor: /^visual\.trunk\.(stem\.\d+\.(weight|bias)$|stages\.\d+\.blocks\.\d+\.(conv_dw|gamma))/,
    config: /convnext/i,
  },
  {
    name: 'a timm image tower',
    tensor: /^visual\.trunk\.|^(cls_token|patch_embed\.proj\.weight)$|^blocks\.\d+\.attn\.qkv\./,
    config: /^timm_model_name=/,
  },
  {
    name: 'a Hugging Face text tower',
    tensor: /^text\.transformer\.(embeddings|encoder)\./,
    config: /^hf_model_name=/,
  },
  { name: 'a model with layer scale', tensor: /\.ls_[12]\.gamma$/, config: /^ls_init_value=/ },
  {
    name: 'a model with attentional pooling',
    tensor: /^visual\.attn_pool\./,
    config: /^attentional_pool=/,
  },
  { name: 'Chinese CLIP', tensor: /^bert\./, config: /^model_type=chinese_clip/ },
  { name: 'BLIP or ALBEF', tensor: /^visual_encoder\./, config: /^model_type=blip/ },
  { name: 'ALIGN, AltCLIP, CLIPSeg or CLAP', config: /^model_type=(align|altclip|clipseg|clap)/ },
  { name: 'an image classifier without a text tower', tensor: /^layer1\.0\.(conv1|bn1)\./ },
  { name: 'LoRA weights, which change another model', tensor: /\.lora_[AB]\./ },
  { name: 'Stable Diffusion', tensor: /^(model\.diffusion_model|first_stage_model|cond_stage_model)\./ },
];

/**
 * @param names of the tensors, without prefixes of wrappers
 * @throws WorkbenchError `bad-input` with the family's name where the model is of one that the engine does not run
 */
export function refuseOtherFamilies(path: string, names: Iterable<string>, { model }: ModelConfig): void {
  const all = [...names];
  const settings = listSettings(model);
  const found = families.find(
    ({ tensor, config }) =>
      (tensor !== undefined && all.some((name) => tensor.test(name))) ||
      (config !== undefined && settings.some((setting) => config.test(setting))),
  );
  if (found === undefined) return;
  throw new WorkbenchError(
    'bad-input',
    `${path} holds ${found.name}, which this workbench does not run. It runs CLIP with a ModifiedResNet or a ViT, as OpenAI's and most of open_clip's are.`,
    { path, family: found.name },
  );
}

const deepest = 6;

/** The settings of a config, those of objects in it included, as `name=value`; what is empty or off is left out. */
function listSettings(config: unknown, depth = 0): string[] {
  if (typeof config !== 'object' || config === null || depth > deepest) return [];
  return Object.entries(config).flatMap(([name, value]) => {
    if (value === null || value === false || value === '') return [];
    const text = typeof value === 'object' ? '' : String(value);
    const inList = Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
    return [`${name}=${text}${inList.join()}`, ...listSettings(value, depth + 1)];
  });
}

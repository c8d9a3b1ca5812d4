import { WorkbenchError } from '#contract/errors.ts';

/** What a template's places are filled with; those that it does not use may be left out. */
export interface TemplateWords {
  /** For {class} and {}. */
  class: string;
  /** For {label}: what is seen, in words. */
  label?: string;
  /** For {tag}: a keyword. */
  tag?: string;
}

/**
 * Fills a caption template or a zero-shot prompt: {class} and {} stand for the class, {label} and {tag} for those.
 * Words are taken as they are: braces in them are not filled again.
 * @throws WorkbenchError `bad-input` where the template names something else, or something that was not given
 */
export function fillTemplate(template: string, words: TemplateWords): string {
  return template.replace(/\{([^{}]*)\}/g, (place, name: string) => {
    const word =
      name === '' ? words.class : name === 'class' || name === 'label' || name === 'tag' ? words[name] : null;
    if (typeof word === 'string') return word;
    const reason = word === null ? 'is not known' : 'has nothing to stand for here';
    const message = `The template "${template}" has ${place}, which ${reason}: use {}, {class}, {label} or {tag}.`;
    throw new WorkbenchError('bad-input', message, { template, place });
  });
}

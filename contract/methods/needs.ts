import type { MethodNeeds } from './method-definition.ts';

/** What contrastive training on pairs asks for; a method says what differs. */
export const pairNeeds: MethodNeeds = {
  labels: false,
  pairs: true,
  views: false,
  head: false,
  startModel: false,
  knownPoison: false,
  imageTowers: null,
};

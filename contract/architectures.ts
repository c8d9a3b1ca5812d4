/** Models that can be trained from scratch: the published ones and the demo's small one (engine/clip/architectures). */
export const architectureNames = ['RN50', 'RN101', 'RN50x4', 'ViT-B/32', 'demo'] as const;
export type ArchitectureName = (typeof architectureNames)[number];

/** Models that can be trained from scratch: the published ones and the demo's small one (engine/clip/architectures). */
export const architectureNames = ['RN50', 'RN101', 'RN50x4', 'ViT-B/32', 'demo'] as const;
export type ArchitectureName = (typeof architectureNames)[number];

/** Whether a model that is trained from scratch has batch norms, which depend on how a batch is cut. */
export const hasBatchNorm = (architecture: string): boolean => !architecture.startsWith('ViT');

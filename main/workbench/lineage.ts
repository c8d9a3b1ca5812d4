import type { Lineage } from '#contract/api/workspace.ts';
import { listDatasets } from '#db/datasets.ts';
import { listRuns } from '#db/runs.ts';
import { listVariants } from '#db/variants.ts';
import { roleOf } from './run-roles.ts';
import type { Workspace } from './workspace.ts';

/** How datasets, variants and runs came from one another. */
export function readLineage({ db }: Workspace): Lineage {
  const runs = listRuns(db);
  const runOfModel = new Map(runs.map(({ id, modelId }) => [modelId, id]));
  const nodes: Lineage['nodes'] = [];
  const edges: Lineage['edges'] = [];
  for (const { id, name, records } of listDatasets(db)) {
    nodes.push({
      id,
      kind: 'dataset',
      title: name,
      subtitle: `${records.toLocaleString('en-GB')} records`,
      role: 'data',
    });
  }
  for (const { id, name, changed, datasetId } of listVariants(db)) {
    const subtitle = `${changed.toLocaleString('en-GB')} poisoned`;
    nodes.push({ id, kind: 'variant', title: name, subtitle, role: 'poisoned' });
    edges.push({ from: datasetId, to: id });
  }
  for (const run of runs) {
    nodes.push({
      id: run.id,
      kind: 'run',
      title: run.name,
      subtitle: `${run.kind}, ${run.state}`,
      role: roleOf(run),
    });
    const parent = run.parentModelId === null ? undefined : runOfModel.get(run.parentModelId);
    edges.push({ from: parent ?? run.variantId ?? run.datasetId, to: run.id });
  }
  return { nodes, edges };
}

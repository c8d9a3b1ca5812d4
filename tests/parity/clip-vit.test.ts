import { clipVitPart } from '#main/engine/parity/clip-vit.ts';
import { testChangedValues, testTowerPart } from './tower-cases.ts';

await testTowerPart(clipVitPart);
testChangedValues(clipVitPart, { smallTensor: 'visual.ln_pre.weight', largeTensor: 'visual.conv1.weight' });

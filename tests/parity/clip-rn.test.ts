import { clipRnPart } from '#main/engine/parity/clip-rn.ts';
import { testTowerPart } from './tower-cases.ts';

await testTowerPart(clipRnPart, {
  smallTensor: 'visual.bn2.weight',
  largeTensor: 'visual.layer4.0.conv2.weight',
});

